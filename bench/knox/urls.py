"""The one view of the Django opponent: an empty answer to whoever has a token of django-rest-knox."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from knox.auth import TokenAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView


class Check(APIView):
    authentication_classes = [TokenAuthentication]
    permission_classes = [IsAuthenticated]

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"X-Auth-User-Id": str(request.user.id)})


urlpatterns = [path("check/", Check.as_view())]
