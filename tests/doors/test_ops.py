"""What operators and their machines look at: health, readiness, metrics, and who may see how much."""

from werkzeug.test import TestResponse

from tests.conftest import NOW, Service, add_user, build, environment
from tests.doors.contract import DEAD, MakeService

STRANGERS: list[dict[str, str]] = [
    *({"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_HOST": "gatepass.example"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}),
    *({"HTTP_ORIGIN": "http://localhost"}, {"HTTP_SEC_FETCH_SITE": "same-origin"}),
]
"""tests/auth/guard/test_local_programs.py has every kind of them."""


def get(service: Service, path: str, method: str = "GET", **environ: str) -> TestResponse:
    """A request of a program on this machine, but for what `environ` says."""
    here = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000", **environ}
    return service.client.open(path, method=method, environ_overrides=here)


def seen(response: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    """All of an answer but its request id."""
    headers = [each for each in response.headers if each[0] != "X-Request-Id"]
    return response.status_code, headers, response.data


def numbers(service: Service) -> dict[str, float]:
    lines = get(service, "/metrics").text.splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_the_process_is_up_whatever_the_database_does(make_service: MakeService, service: Service) -> None:
    for each in (service, make_service(**DEAD)):
        answer = get(each, "/healthz", REMOTE_ADDR="192.0.2.7")
        assert (answer.status_code, answer.json) == (200, {"status": "ok"})
        assert answer.headers["Cache-Control"] == "no-store"


def test_ready_is_200_for_everybody(service: Service) -> None:
    for environ in ({}, *STRANGERS):
        answer = get(service, "/readyz", **environ)
        assert (answer.status_code, answer.json) == (200, {"status": "ready"})


def test_a_dead_database_is_503_with_the_reason_for_local_callers_alone(make_service: MakeService) -> None:
    service = make_service(**DEAD)
    near = get(service, "/readyz")
    assert near.status_code == 503 and near.json["status"] == "not ready"
    assert near.json["reasons"][0].startswith("database error 2003: ")
    for environ in STRANGERS:
        far = get(service, "/readyz", **environ)
        assert (far.status_code, far.json) == (503, {"status": "not ready"})


def test_a_missing_migration_is_named_and_its_step_alone(service: Service, fresh: str) -> None:
    others = ("users", "auth_tokens", "login_stats", "profiles", "events", "profile_words", "counts")
    for table in others:
        service.server.sql(f"CREATE TABLE {table} LIKE gatepass.{table}", fresh)
    other = build(environment(service.server, fresh))
    reasons = Service(other, other.test_client(), service.server, service.clock)
    assert get(reasons, "/readyz").json == {
        "status": "not ready",
        "reasons": ["run `gatepass db migrate`: 0004_login_throttle is due"],
    }
    service.server.sql("CREATE TABLE login_throttle LIKE gatepass.login_throttle", fresh)
    assert get(reasons, "/readyz").json == {"status": "ready"}


def test_the_numbers_are_for_local_callers_and_others_see_an_unknown_path(service: Service) -> None:
    assert get(service, "/metrics").status_code == 200
    assert get(service, "/metrics").headers["Content-Type"].startswith("text/plain")
    for environ in STRANGERS:
        for method in ("GET", "HEAD"):
            unknown = get(service, "/metricz", method, **environ)
            assert seen(get(service, "/metrics", method, **environ)) == seen(unknown)
            assert unknown.status_code == 404


def test_an_allowed_network_sees_the_numbers(make_service: MakeService) -> None:
    service = make_service(METRICS_ALLOW="198.51.100.0/24, 2001:db8::/32", TRUSTED_PROXIES="127.0.0.0/8")
    for address, status in (("198.51.100.9", 200), ("192.0.2.7", 404)):
        assert get(service, "/metrics", REMOTE_ADDR=address).status_code == status
        assert get(service, "/metrics", HTTP_X_FORWARDED_FOR=address).status_code == status


def test_what_happened_is_counted(service: Service) -> None:
    before = numbers(service)
    fields = {"username": "admin", "password": "password"}
    token = service.client.post("/v1/oauth/", data=fields).json["data"]["access_token"]
    service.client.post("/v1/oauth/", data=fields | {"password": "wrong"})
    for header in (f"Token {token}", "Token x", "", f"Bearer {token}"):
        service.client.get("/v1/verify/", headers={"Authorization": header})
    service.client.post("/v1/logout/", headers={"Authorization": f"Token {token}"})
    after = numbers(service)
    grown = {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name, 0)}
    expected = {
        'gatepass_logins_total{door="oauth",outcome="ok"}': 1,
        'gatepass_logins_total{door="oauth",outcome="failed"}': 1,
        'gatepass_tokens_issued_total{kind="mobile"}': 1,
        "gatepass_tokens_revoked_total": 1,
        'gatepass_token_checks_total{outcome="ok"}': 3,
        'gatepass_token_checks_total{outcome="invalid"}': 1,
        'gatepass_token_checks_total{outcome="missing"}': 1,
        'gatepass_hash_seconds_count{algorithm="bcrypt"}': 2,
        'gatepass_request_seconds_count{route="/v1/verify/",status="200"}': 2,
        'gatepass_request_seconds_count{route="/v1/verify/",status="401"}': 2,
        'gatepass_request_seconds_count{route="/v1/logout/",status="200"}': 1,
    }
    assert {name: grown.get(name) for name in expected} == expected


def test_no_number_is_labelled_with_what_a_caller_sent(service: Service) -> None:
    add_user(service.server, "marker7-user")
    service.client.post("/v1/oauth/", data={"username": "marker7-user", "password": "marker7"})
    for path in ("/marker7-path", "/v1/marker7-path", "/v1/sessions/marker7/", "/v1/verify/?token=marker7"):
        service.client.get(path, headers={"Authorization": "Token marker7", "User-Agent": "marker7"})
        service.client.open(path, method="MARKER7")
    text = get(service, "/metrics").text.lower()
    assert "marker7" not in text and str(NOW) not in text
