"""Archives of ChatGPT and Claude.ai that come through a pipe or from a browser."""

import io
import json
import zipfile
from pathlib import Path

from harness import Case

FORMATS = Path(__file__).resolve().parent.parent / "fixtures/formats"
SESSIONS = "/api/sessions?limit=100"


def packed(**files):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, text in files.items():
            writer.writestr(name.replace("_", "."), text)
    return archive.getvalue()


EXPORT = packed(conversations_json=(FORMATS / "claude-ai/conversations.json").read_text(), users_json="[]")


class Zip(Case):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.set_up_client(self.server)

    def stored(self):
        return {s["id"]: s["totalMessages"] for s in self.server.get(SESSIONS)["sessions"]}

    def test_piped_uploaded_and_dropped_into_the_page_it_is_the_same(self):
        done = self.run_bridge("upload", "-", stdin=EXPORT)
        self.assertEqual(done.code, 0, done.err)
        first = self.stored()
        self.assertTrue(first and all(id.startswith("claude-ai:") for id in first), first)
        done = self.run_bridge("stream", stdin=EXPORT)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(self.stored(), first)
        status, _, content = self.server.request("POST", "/api/upload?name=export.zip", EXPORT)
        answer = json.loads(content)
        self.assertEqual((status, answer["format"]), (200, "zip"))
        self.assertEqual({s["conversationId"]: s["result"] for s in answer["sessions"]}, dict.fromkeys(first, "unchanged"))
        self.assertEqual(list((self.home / ".local/state/agentpipe").glob("piped-*")), [])

    def test_what_is_no_export_is_told(self):
        letter = packed(word_xml="<w/>")
        for bytes_, reason in ((letter, "there is no conversations.json in the zip archive"),
                               (EXPORT[:-30], "not a zip archive, or its end is missing")):
            with self.subTest(reason):
                done = self.run_bridge("upload", "-", stdin=bytes_)
                self.assertEqual(done.code, 65, done.err)
                self.assertIn(reason, done.err)
                status, _, content = self.server.request("POST", "/api/upload?name=a.zip", bytes_)
                self.assertEqual((status, json.loads(content)["problems"][0]["reason"]), (422, reason))
