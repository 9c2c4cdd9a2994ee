"""An OpenID provider that hoopx did not write: django-oauth-toolkit, as a small deployment of it would be.

identity_provider.py DIRECTORY: keeps its database there, prints its issuer as one line, and serves on loopback until it
is terminated. It knows the public client "hoopx", and the user "alice" with the password "wonderland", who is in the
group "engineering".
"""

import json
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from jwcrypto import jwk


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


directory = sys.argv[1]
server = make_server("127.0.0.1", 0, None, handler_class=QuietHandler)
origin = f"http://127.0.0.1:{server.server_port}"
settings.configure(
    SECRET_KEY="only for a test" * 4,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    LOGIN_URL="/login/",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": directory + "/provider.sqlite3"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "oauth2_provider",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                ],
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {"registration/login.html": "<form method=post>{% csrf_token %}{{ form }}</form>"},
                    ),
                    "django.template.loaders.app_directories.Loader",
                ],
            },
        }
    ],
    OAUTH2_PROVIDER={
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": jwk.JWK.generate(kty="RSA", size=2048).export_to_pem(True, None).decode(),
        "OIDC_ISS_ENDPOINT": origin + "/o",
        "OAUTH2_VALIDATOR_CLASS": __name__ + ".Validator",
        "OAUTH_DEVICE_VERIFICATION_URI": origin + "/o/device/",
        "DEVICE_FLOW_INTERVAL": 1,
        # Less than a run wants to have before it, so that each start of hoopx refreshes.
        "ID_TOKEN_EXPIRE_SECONDS": 20,
        "SCOPES": {"openid": "Who you are", "email": "Your email address"},
    },
)
# The names in the settings are looked up under the name that Python gave this script.
sys.modules[__name__] = sys.modules["__main__"]
django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.contrib.auth.views import LoginView  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import JsonResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402
from oauth2_provider.oauth2_validators import OAuth2Validator  # noqa: E402
from oauth2_provider.views import ConnectDiscoveryInfoView  # noqa: E402


class Validator(OAuth2Validator):
    """Adds claims, as its documentation says to."""

    oidc_claim_scope = None

    def get_additional_claims(self):
        return {
            "email": lambda request: request.user.email,
            "groups": lambda request: [group.name for group in request.user.groups.all()],
        }


class Discovery(ConnectDiscoveryInfoView):
    """The discovery document, with the two endpoints that django-oauth-toolkit 3.4 has but leaves out of it
    (RFC 8628, 4; RFC 8414, 2)."""

    def get(self, request, *arguments, **keywords):
        document = json.loads(super().get(request, *arguments, **keywords).content)
        document["device_authorization_endpoint"] = origin + "/o/device-authorization/"
        document["revocation_endpoint"] = origin + "/o/revoke_token/"
        return JsonResponse(document)


urlpatterns = [
    path("o/.well-known/openid-configuration", Discovery.as_view()),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("login/", LoginView.as_view()),
]

call_command("migrate", verbosity=0)
alice = User.objects.create_user("alice", "alice@example.org", "wonderland")
alice.groups.add(Group.objects.create(name="engineering"))
Application.objects.create(
    client_id="hoopx",
    client_secret="",
    client_type=Application.CLIENT_PUBLIC,
    authorization_grant_type=Application.GRANT_DEVICE_CODE,
    algorithm=Application.RS256_ALGORITHM,
)
server.set_app(get_wsgi_application())
print(origin + "/o", flush=True)
server.serve_forever()
