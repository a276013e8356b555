"""The settings of the Django opponent: as lean as they can be, and what django-rest-knox does left as it comes."""

import os

import pymysql

pymysql.install_as_MySQLdb()

DEBUG = False
SECRET_KEY = "no secret: nothing here is signed"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "knox"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "urls"
USE_TZ = True
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
REST_FRAMEWORK = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.mysql",
        "NAME": os.environ["DB_NAME"],
        "USER": os.environ["DB_USER"],
        "PASSWORD": os.environ["DB_PASSWORD"],
        "HOST": os.environ["DB_SOCKET"],
        "CONN_MAX_AGE": None,
        "OPTIONS": {"charset": "utf8mb4", "ssl_disabled": True},
    }
}
