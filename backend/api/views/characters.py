"""What is particular about characters over REST: the schema is open to anyone."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contract.schema import Schema
from rolls.schema import schema


class SchemaView(APIView):
    permission_classes = []

    @extend_schema(responses=Schema)
    def get(self, request: Request) -> Response:
        """Every splat with its traits, every roll and check with its options; open to anyone."""
        return Response(schema())
