#include "otlp_attributes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/limits.hpp"

namespace agentpipe::formats::otlp {
namespace {

using model::JsonWriter;

constexpr std::array<std::string_view, 4> k_plain{"stringValue", "boolValue", "doubleValue", "bytesValue"};

// As deep as the parser let it be.
void write_plain(JsonWriter& writer, const Node& value);  // NOLINT(misc-no-recursion)

void write_list(JsonWriter& writer, const Node& list) {  // NOLINT(misc-no-recursion)
  writer.begin_array();
  list["values"].each([&](const Node& value) { write_plain(writer, value); });
  writer.end_array();
}

void write_object(JsonWriter& writer, const Node& object) {  // NOLINT(misc-no-recursion)
  writer.begin_object();
  object["values"].each([&](const Node& member) {
    writer.key(member["key"].view());
    write_plain(writer, member["value"]);
  });
  writer.end_object();
}

void write_plain(JsonWriter& writer, const Node& value) {  // NOLINT(misc-no-recursion)
  if (const auto list = value["arrayValue"]; list.is_object()) return write_list(writer, list);
  if (const auto object = value["kvlistValue"]; object.is_object()) return write_object(writer, object);
  if (const auto number = number_of(value["intValue"])) {
    writer.value(*number);
    return;
  }
  for (const auto name : k_plain) {
    if (const auto plain = value[name]; !plain.is_null()) {
      writer.raw(plain.json());
      return;
    }
  }
  writer.null();
}

}  // namespace

std::optional<std::uint64_t> number_of(const Node& node) {
  return node.is_text() ? base::parse_number(node.view()) : base::parse_number(node.json());
}

void Attributes::add(const Node& list) {
  list.each([&](const Node& attribute) {
    if (const auto key = attribute["key"]; key.is_text()) values_.emplace(key.view(), attribute["value"]);
  });
}

Node Attributes::find(Names names) const {
  for (const auto name : names) {
    if (const auto found = values_.find(name); found != values_.end()) return found->second;
  }
  return {};
}

bool Attributes::any_with(std::string_view prefix) const {
  const auto found = values_.lower_bound(prefix);
  return found != values_.end() && found->first.starts_with(prefix);
}

std::string_view Attributes::text(Names names) const {
  return find(names)["stringValue"].view();
}

std::int64_t Attributes::count(Names names) const {
  const auto value = find(names);
  for (const auto type : {"intValue", "stringValue"}) {
    if (const auto number = number_of(value[type]))
      return static_cast<std::int64_t>(std::min(*number, std::uint64_t{k_max_count}));
  }
  return std::min(value["doubleValue"].count_or_0(), k_max_count);
}

model::OptionalDouble Attributes::money(std::string_view name) const {
  const auto value = find({name});
  const auto text = value["stringValue"].view();
  if (text.empty()) return value["doubleValue"].money();
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && number > 0 && number <= model::k_max_cost ? model::OptionalDouble(number) : std::nullopt;
}

std::string Attributes::json(Names names) const {
  return plain_json(find(names));
}

std::string plain_json(const Node& value) {
  if (value.is_null() || value["stringValue"].is_text()) return value["stringValue"].text();
  std::string json;
  JsonWriter writer(json);
  write_plain(writer, value);
  return json;
}

}  // namespace agentpipe::formats::otlp
