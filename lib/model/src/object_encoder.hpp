#pragma once

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "fields.hpp"

/// Writes a struct as a JSON object by its table of fields: absent members are left out, `extra` comes last.
namespace agentpipe::model {

template <class T>
void write_object(JsonWriter& writer, const T& object);

namespace detail {

inline void write_value(JsonWriter& writer, const std::string& text) {
  writer.value(text);
}
inline void write_value(JsonWriter& writer, const Json& json) {
  writer.raw(json.text);
}
inline void write_value(JsonWriter& writer, Status status) {
  writer.value(base::to_lower(to_string(status)));
}
inline void write_value(JsonWriter& writer, const std::vector<Participant>& participants) {
  writer.begin_array();
  for (const auto& participant : participants) write_object(writer, participant);
  writer.end_array();
}
inline void write_value(JsonWriter& writer, const Summary& summary) {
  write_object(writer, summary);
}
inline void write_value(JsonWriter& writer, std::int64_t number) {
  writer.value(number);
}
inline void write_value(JsonWriter& writer, double number) {
  writer.value(number);
}
inline void write_value(JsonWriter& writer, base::Timestamp at) {
  writer.value(base::format_rfc3339(at));
}

template <class Value>
void write_member(JsonWriter& writer, std::string_view key, const Value& value) {
  writer.key(key);
  write_value(writer, value);
}
template <class Value>
void write_member(JsonWriter& writer, std::string_view key, const std::optional<Value>& value) {
  if (value) write_member(writer, key, *value);
}
inline void write_member(JsonWriter& writer, std::string_view key, const Json& value) {
  if (!value.empty()) writer.key(key).raw(value.text);
}

/// The members of `extra` without its braces.
inline std::string_view members_of(const Json& extra) {
  return extra.text.size() > 2 ? std::string_view(extra.text).substr(1, extra.text.size() - 2)
                               : std::string_view{};
}

}  // namespace detail

template <class T>
void write_object(JsonWriter& writer, const T& object) {
  writer.begin_object();
  std::apply(
      [&](const auto&... rows) { (detail::write_member(writer, rows.key, object.*(rows.member)), ...); },
      Fields<T>::rows);
  if (const auto extra = detail::members_of(object.extra); !extra.empty()) writer.raw(extra);
  writer.end_object();
}

}  // namespace agentpipe::model
