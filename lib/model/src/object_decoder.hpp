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

inline Json to_json_object(const Members& members) {
  if (members.empty()) return {};
  Json json;
  JsonWriter writer(json.text);
  writer.begin_object();
  for (const auto& [key, value] : members) writer.key(key).raw(simdjson::minify(value));
  writer.end_object();
  return json;
}

}  // namespace detail

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

/// The same, and keeps the rest in `into.extra`.
template <class T>
void decode_object(ValueDecoder& decoder, simdjson::dom::object object, T& into) {
  into.extra = detail::to_json_object(decode_members(decoder, object, into));
}

}  // namespace agentpipe::model
