"""The chat API of S003, below `/chat/`: a token says who calls, lists stand bare, and 204 has no body."""

from django.http import HttpResponse
from rest_framework.request import Request

from api.views.base import RestView
from chronicle.call import Call
from chronicle.door import encoded
from contract.base import Answer
from contract.chat_servers import Listed, NoContent
from discordauth.tokens import TokenAuthentication


class ChatView(RestView):
    authentication_classes = [TokenAuthentication]

    def _answer(self, request: Request, call: Call, status: int, answer: Answer) -> HttpResponse:
        if isinstance(answer, NoContent):
            return HttpResponse(status=status)
        if isinstance(answer, Listed):
            return self.respond(call, status, b"[%s]" % b",".join(map(encoded, answer.results)))
        return super()._answer(request, call, status, answer)
