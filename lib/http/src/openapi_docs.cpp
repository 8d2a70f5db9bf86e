#include <array>

#include "openapi.hpp"

namespace agentpipe::http {

namespace {

constexpr std::string_view k_list_filters =
    "page limit cursor status source search agentType model mode machine startDate endDate minCost maxCost "
    "minTokens "
    "maxTokens hasErrors parent sort order";
constexpr std::string_view k_search =
    "q limit cursor order status source agentType model mode machine startDate endDate hasErrors parent";
constexpr std::string_view k_page = "limit cursor after_seq before_seq around order";
constexpr std::string_view k_stream = "conversationId types named last_event_id";
constexpr std::string_view k_events = "text/event-stream";

constexpr std::array k_docs{
    RouteDoc{Method::post, "/api/ingest", "Take in one event", "", "Ingested", 201},
    RouteDoc{Method::post, "/api/ingest/batch", "Take in consecutive records of one source, one a line", "",
             "Batch"},
    RouteDoc{Method::post, "/api/sessions/upload", "Take in a whole session", "conflicts", "Uploaded", 201},
    RouteDoc{Method::post, "/api/upload", "Take in a file of any known format", "name format on_duplicate",
             "FileReport"},
    RouteDoc{Method::post, "/v1/traces", "Take in GenAI spans (OTLP/HTTP JSON)", "", "TracesTaken"},
    RouteDoc{Method::post, "/v1/logs",
             "Take in GenAI events and coding agents' telemetry (OTLP/HTTP JSON log records)", "",
             "LogsTaken"},
    RouteDoc{Method::get, "/api/sessions", "List sessions", k_list_filters, "SessionList"},
    RouteDoc{Method::get, "/api/sessions/facets", "Values that filters can take, with counts", "", "Object"},
    RouteDoc{Method::get, "/api/sessions/{id}", "One session", "includeMessages messageLimit", "Session"},
    RouteDoc{Method::patch, "/api/sessions/{id}", "Rename a session", "", "Session"},
    RouteDoc{Method::del, "/api/sessions/{id}", "Delete a session", "", "Deleted"},
    RouteDoc{Method::post, "/api/sessions/delete", "Delete several sessions", "", "Deleted"},
    RouteDoc{Method::get, "/api/sessions/{id}/messages", "Messages of a session, oldest first", k_page,
             "MessagePage"},
    RouteDoc{Method::get, "/api/sessions/{id}/notes", "What was noted beside the messages", "", "NoteList"},
    RouteDoc{Method::get, "/api/sessions/{id}/outline", "A line for each message", "after_seq limit",
             "Outline"},
    RouteDoc{Method::get, "/api/sessions/{id}/find", "Messages that hold a text", "q limit", "Findings"},
    RouteDoc{Method::get, "/api/sessions/{id}/export", "A session as a file",
             "format from_seq to_seq tools redact", "application/octet-stream"},
    RouteDoc{Method::get, "/api/sessions/export", "Several sessions as a file",
             "ids format status source mode agentType model machine search startDate endDate minCost maxCost "
             "minTokens maxTokens hasErrors parent redact",
             "application/octet-stream"},
    RouteDoc{Method::post, "/api/sessions/{id}/share", "Make a link that shows one session", "", "NewShare",
             201},
    RouteDoc{Method::get, "/api/sessions/{id}/shares", "Links to a session", "", "ShareList"},
    RouteDoc{Method::del, "/api/shares/{id}", "End a link", "", "Revoked"},
    RouteDoc{Method::get, "/api/share/{token}", "The shared session", "", "Session"},
    RouteDoc{Method::get, "/api/share/{token}/messages", "Its messages", k_page, "MessagePage"},
    RouteDoc{Method::get, "/api/share/{token}/stream", "Its live stream", "named last_event_id", k_events},
    RouteDoc{Method::get, "/api/search", "Search messages, names and prompts", k_search, "SearchResults"},
    RouteDoc{Method::post, "/api/search", "The same, as the existing web server takes it", "", "Object"},
    RouteDoc{Method::get, "/api/metrics/timeseries", "Sums by time", "from to buckets by", "TimeSeries"},
    RouteDoc{Method::get, "/api/metrics/top", "The most and the dearest", "from to limit", "Top"},
    RouteDoc{Method::get, "/api/metrics/summary", "Sums, as the existing web server gives them", "",
             "Object"},
    RouteDoc{Method::get, "/api/messages/recent", "The newest messages of all sessions", "limit", "Object"},
    RouteDoc{Method::get, "/api/conversations", "Sessions, under their older name", "page limit status",
             "Object"},
    RouteDoc{Method::get, "/api/conversations/{id}", "One of them", "", "Object"},
    RouteDoc{Method::get, "/api/conversations/{id}/messages", "Its messages", "limit", "Object"},
    RouteDoc{Method::del, "/api/conversations/{id}", "Delete it", "", "Object"},
    RouteDoc{Method::get, "/api/realtime/stream", "The live stream of events", k_stream, k_events},
    RouteDoc{Method::get, "/api/stream", "The same, under its older name", k_stream, k_events},
    RouteDoc{Method::get, "/api/realtime/stats", "Listeners and buffered events", "", "RealtimeStats"},
    RouteDoc{Method::post, "/api/realtime/ping", "Send a frame to every open stream", "", "Object", 202},
    RouteDoc{Method::get, "/api/diagnostics", "How the server is", "refresh", "Diagnostics"},
    RouteDoc{Method::get, "/api/diagnostics/events", "The newest events, without content", "", "Object"},
    RouteDoc{Method::get, "/api/agents/available", "Agents on the server's host", "skipCache", "Object"},
    RouteDoc{Method::get, "/plain/sessions", "The list as a page without scripts", "cursor", "text/html"},
    RouteDoc{Method::get, "/plain/sessions/{id}", "A session as a page without scripts", "", "text/html"},
    RouteDoc{Method::get, "/metrics", "Figures for Prometheus", "", "text/plain"},
    RouteDoc{Method::get, "/api/health", "Who we are and what we can do", "", "Health"},
    RouteDoc{Method::get, "/healthz", "The process answers", "", "text/plain"},
    RouteDoc{Method::get, "/readyz", "The store can write", "", "Health"},
    RouteDoc{Method::get, "/api/session", "What this browser may do", "", "Rights"},
    RouteDoc{Method::post, "/api/signin", "Trade a key for a cookie", "", "Object"},
    RouteDoc{Method::post, "/api/signout", "Give the cookie up", "", "Object"},
    RouteDoc{Method::get, "/api/keys", "List keys, masked", "", "KeyList"},
    RouteDoc{Method::post, "/api/keys", "Make a key; its text is shown once", "", "Key", 201},
    RouteDoc{Method::del, "/api/keys/{id}", "End a key", "", "Revoked"},
    RouteDoc{Method::get, "/api/openapi.json", "This document", "", "Object"},
};

}  // namespace

std::span<const RouteDoc> route_docs() {
  return k_docs;
}

}  // namespace agentpipe::http
