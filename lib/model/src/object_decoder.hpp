#pragma once

#include <algorithm>
#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/model/json_writer.hpp"
#include "fields.hpp"
#include "json_document.hpp"
#include "value_decoder.hpp"

/// Reads a JSON object into a struct by its table of fields.
namespace agentpipe::model {

/// The keys of an object that the table did not take, as they are.
using Members = std::vector<simdjson::dom::key_value_pair>;

/// Has a name a meaning of its own in the place that unknown members are going to?
using Reserved = bool (*)(std::string_view name);

namespace detail {

template <class T>
inline constexpr std::size_t k_rows = std::tuple_size_v<decltype(Fields<T>::rows)>;

/// Hands `value` to the first row that `matches`; returns its index, or k_rows when none does.
template <class T, class Matches>
std::size_t offer(ValueDecoder& decoder, T& into, simdjson::dom::element value,
                  const std::bitset<k_rows<T>>& seen, Matches matches) {
  std::size_t index = 0;
  const auto try_row = [&](const auto& row) {
    if (!matches(row)) {
      ++index;
      return false;
    }
    if (!seen[index] && !value.is_null()) decoder.read(row.key, row.rule, value, into.*(row.member));
    return true;
  };
  std::apply([&](const auto&... rows) { return (try_row(rows) || ...); }, Fields<T>::rows);
  return index;
}

/// A JSON object of the members whose names `reserved` does not claim; null claims none.
inline Json to_json_object(const Members& members, Reserved reserved = nullptr) {
  Json json;
  JsonWriter writer(json.text);
  for (const auto& [key, value] : members) {
    if (reserved != nullptr && reserved(key)) continue;
    if (json.empty()) writer.begin_object();
    writer.key(key).raw(simdjson::minify(value));
  }
  if (!json.empty()) writer.end_object();
  return json;
}

}  // namespace detail

/// Has the table a field of that name, or one with that alias?
template <class T>
bool is_field(std::string_view name) {
  return std::apply([&](const auto&... rows) { return ((rows.key == name || rows.has_alias(name)) || ...); },
                    Fields<T>::rows);
}

/// Fills `into`; null counts as absent, a key beats its aliases. What no row takes is returned.
template <class T>
Members decode_members(ValueDecoder& decoder, simdjson::dom::object object, T& into) {
  std::bitset<detail::k_rows<T>> seen;
  Members others;
  for (const auto member : object) {
    const auto index = detail::offer(decoder, into, member.value, std::bitset<detail::k_rows<T>>{},
                                     [&](const auto& row) { return row.key == member.key; });
    if (index == seen.size())
      others.push_back(member);
    else if (seen[index] && !member.value.is_null())
      decoder.fail(member.key, "duplicate_key", "appears twice");
    else
      seen[index] = !member.value.is_null();
  }
  if (object.size() > k_max_keys)
    decoder.fail("", "too_many_keys", "has more than " + std::to_string(k_max_keys) + " keys");
  std::erase_if(others, [&](const auto& member) {
    const auto index = detail::offer(decoder, into, member.value, seen,
                                     [&](const auto& row) { return row.has_alias(member.key); });
    if (index == seen.size() || seen[index]) return false;
    seen[index] = true;
    return true;
  });
  std::vector<std::string_view> names;
  for (const auto& member : others) names.push_back(member.key);
  std::ranges::sort(names);
  if (const auto twice = std::ranges::adjacent_find(names); twice != names.end())
    decoder.fail(*twice, "duplicate_key", "appears twice");
  return others;
}

/// The same, and keeps the rest in `into.extra`, but for what is reserved.
template <class T>
void decode_object(ValueDecoder& decoder, simdjson::dom::object object, T& into,
                   Reserved reserved = nullptr) {
  into.extra = detail::to_json_object(decode_members(decoder, object, into), reserved);
}

}  // namespace agentpipe::model
