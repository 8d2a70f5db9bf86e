#include "agentpipe/http/router.hpp"

#include <algorithm>
#include <optional>

#include "agentpipe/base/text.hpp"

namespace agentpipe::http {

namespace {

using Segments = std::vector<std::string_view>;

Segments segments_of(std::string_view path) {
  return base::split(path.substr(path.starts_with('/') ? 1 : 0), '/');
}

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{');
}
bool is_rest(std::string_view segment) {
  return segment.ends_with("...}");
}

bool matches(const std::vector<std::string>& pattern, const Segments& path) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_rest(pattern[i])) return true;
    if (i >= path.size()) return false;
    if (is_parameter(pattern[i]) ? path[i].empty() : pattern[i] != path[i]) return false;
  }
  return path.size() == pattern.size();
}

std::optional<std::vector<std::string>> parameters_of(const std::vector<std::string>& pattern,
                                                      const Segments& path, std::string_view whole) {
  std::vector<std::string> parameters;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!is_parameter(pattern[i])) continue;
    if (is_rest(pattern[i])) {
      const bool some = i < path.size();
      parameters.emplace_back(some ? whole.substr(static_cast<std::size_t>(path[i].data() - whole.data()))
                                   : "");
      continue;
    }
    auto plain = base::percent_decode(path[i], false);
    if (!plain || plain->find('\0') != std::string::npos || !base::is_valid_utf8(*plain)) return std::nullopt;
    parameters.push_back(std::move(*plain));
  }
  return parameters;
}

bool serves(Method offered, Method asked) {
  return offered == asked || (offered == Method::get && asked == Method::head);
}

void add_word(std::string& list, std::string_view word) {
  if (list.find(word) != std::string::npos) return;
  if (!list.empty()) list += ", ";
  list += word;
}

}  // namespace

Router::Router(std::vector<Route> routes, Route fallback) : fallback_(std::move(fallback)) {
  for (auto& route : routes) {
    std::vector<std::string> segments;
    for (const auto segment : segments_of(route.pattern)) segments.emplace_back(segment);
    entries_.push_back({std::move(route), std::move(segments)});
  }
  // "/api/sessions/facets" before "/api/sessions/{id}", in whatever order the tables are put together.
  std::ranges::stable_sort(entries_, {}, [](const Entry& entry) {
    return std::ranges::count_if(entry.segments, [](const auto& part) { return is_parameter(part); });
  });
}

Router::Match Router::find(Method method, std::string_view path) const {
  Match match;
  const auto segments = segments_of(path);
  for (const auto& entry : entries_) {
    if (!matches(entry.segments, segments)) continue;
    if (!serves(entry.route.method, method)) {
      if (entry.route.method == Method::get)
        add_word(match.allow, "GET, HEAD");
      else
        add_word(match.allow, to_string(entry.route.method));
      continue;
    }
    auto parameters = parameters_of(entry.segments, segments, path);
    if (!parameters) return {nullptr, {}, 400, {}};
    return {&entry.route, std::move(*parameters), 0, {}};
  }
  if (!match.allow.empty()) {
    add_word(match.allow, "OPTIONS");
    match.status = 405;
    return match;
  }
  const bool api = segments.front() == "api";
  if (api) return {nullptr, {}, 404, {}};
  if (serves(fallback_.method, method)) return {&fallback_, {}, 0, {}};
  return {nullptr, {}, 405, "GET, HEAD, OPTIONS"};
}

}  // namespace agentpipe::http
