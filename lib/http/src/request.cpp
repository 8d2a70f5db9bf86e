#include "agentpipe/http/request.hpp"

#include <algorithm>
#include <array>

#include "agentpipe/base/text.hpp"

namespace agentpipe::http {

namespace {

constexpr std::size_t k_max_query_parameters = 100;

constexpr std::array<std::pair<std::string_view, Method>, 7> k_methods{{{"GET", Method::get},
                                                                        {"HEAD", Method::head},
                                                                        {"POST", Method::post},
                                                                        {"PUT", Method::put},
                                                                        {"PATCH", Method::patch},
                                                                        {"DELETE", Method::del},
                                                                        {"OPTIONS", Method::options}}};

std::optional<std::string> decode(std::string_view text) {
  auto plain = base::percent_decode(text, true);
  if (!plain || plain->find('\0') != std::string::npos || !base::is_valid_utf8(*plain)) return std::nullopt;
  return plain;
}

}  // namespace

std::string_view to_string(Method method) {
  const auto row = std::ranges::find(k_methods, method, &decltype(k_methods)::value_type::second);
  return row == k_methods.end() ? "OTHER" : row->first;
}

Method parse_method(std::string_view name) {
  const auto row = std::ranges::find(k_methods, name, &decltype(k_methods)::value_type::first);
  return row == k_methods.end() ? Method::other : row->second;
}

base::Result<Query> Query::parse(std::string_view text) {
  Query query;
  if (text.empty()) return query;
  for (const auto part : base::split(text, '&')) {
    if (part.empty()) continue;
    const auto equals = part.find('=');
    auto name = decode(part.substr(0, equals));
    auto value = decode(equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1));
    if (!name || !value) {
      return base::failure_at("query", base::ErrorCode::invalid,
                              "The query holds a broken escape or text that is not UTF-8.", "invalid_query");
    }
    if (query.pairs_.size() == k_max_query_parameters) {
      return base::failure_at("query", base::ErrorCode::invalid, "The query may hold at most 100 parameters.",
                              "invalid_query");
    }
    query.pairs_.emplace_back(std::move(*name), std::move(*value));
  }
  return query;
}

std::optional<std::string_view> Query::get(std::string_view name) const {
  const auto found =
      std::ranges::find(pairs_, name, [](const auto& pair) { return std::string_view(pair.first); });
  if (found == pairs_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> Query::list(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : pairs_) {
    if (key != name) continue;
    for (const auto part : base::split(value, ',')) {
      if (const auto word = base::trim(part); !word.empty()) values.emplace_back(word);
    }
  }
  return values;
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const auto& field : fields_) {
    if (field.name_size == name.size() && base::equals_ignore_case(view(field.name, field.name_size), name)) {
      return view(field.value, field.value_size);
    }
  }
  return std::nullopt;
}

std::string Request::joined(std::string_view name) const {
  std::string all;
  for (const auto& field : fields_) {
    if (!base::equals_ignore_case(view(field.name, field.name_size), name)) continue;
    if (!all.empty()) all += ',';
    all += view(field.value, field.value_size);
  }
  return all;
}

std::string_view Request::header_or_empty(std::string_view name) const {
  return header(name).value_or(std::string_view{});
}

std::string_view Request::bearer() const {
  const auto value = base::trim(header_or_empty("authorization"));
  const auto space = value.find(' ');
  if (space == std::string_view::npos) return value;
  if (!base::equals_ignore_case(value.substr(0, space), "bearer")) return {};
  return base::trim(value.substr(space));
}

std::string_view Request::cookie(std::string_view name) const {
  for (const auto part : base::split(header_or_empty("cookie"), ';')) {
    const auto pair = base::trim(part);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
  }
  return {};
}

}  // namespace agentpipe::http
