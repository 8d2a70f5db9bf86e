#include "spool_line.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "json_text.hpp"

namespace agentpipe::delivery {

namespace {

constexpr std::size_t k_crc_digits = 8;
constexpr std::size_t k_number_digits = 22;  // of a slot: makes it 32 bytes
constexpr std::string_view k_format = "agentpipe-spool";
constexpr std::uint64_t k_version = 1;

void put_crc(std::string& line, std::string_view covered) {
  constexpr std::string_view digits = "0123456789abcdef";
  auto crc = base::crc32c(covered);
  for (std::size_t i = k_crc_digits; i-- > 0; crc >>= 4U) line[i] = digits[crc & 15U];
}

std::optional<unsigned> hex_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10U;
  return std::nullopt;
}

struct Covered {
  std::string_view text;
  unsigned crc = 0;
};

/// What the CRC in front of it covers, when it holds.
std::optional<Covered> covered(std::string_view line) {
  if (line.size() <= k_crc_digits || line[k_crc_digits] != ' ') return std::nullopt;
  unsigned told = 0;
  for (const char c : line.substr(0, k_crc_digits)) {
    const auto digit = hex_value(c);
    if (!digit) return std::nullopt;
    told = (told << 4U) | *digit;
  }
  const std::string_view rest = line.substr(k_crc_digits + 1);
  if (base::crc32c(rest) != told) return std::nullopt;
  return Covered{rest, told};
}

}  // namespace

std::string encode_line(RecordNumber number, std::string_view json) {
  std::string line(k_crc_digits, '0');
  line.reserve(json.size() + 32);
  line += ' ';
  line += std::to_string(number);
  line += ' ';
  line += json;
  put_crc(line, std::string_view(line).substr(k_crc_digits + 1));
  line += '\n';
  return line;
}

std::optional<SpoolLine> decode_line(std::string_view line) {
  const auto text = covered(line);
  if (!text) return std::nullopt;
  const std::size_t space = text->text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto number = base::parse_number(text->text.substr(0, space));
  if (!number) return std::nullopt;
  return SpoolLine{*number, text->text.substr(space + 1), text->crc};
}

std::optional<SpoolLine> find_swallowed(std::string_view line) {
  constexpr std::string_view k_begin = " {\"";
  for (auto at = line.find(k_begin); at != std::string_view::npos; at = line.find(k_begin, at + 1)) {
    std::size_t digits = at;
    while (digits > 0 && line[digits - 1] >= '0' && line[digits - 1] <= '9') --digits;
    if (digits == at || digits <= k_crc_digits + 1) continue;
    if (auto found = decode_line(line.substr(digits - k_crc_digits - 1))) return found;
  }
  return std::nullopt;
}

std::string encode_ack(RecordNumber number) {
  const std::string digits = std::to_string(number);
  std::string slot(k_crc_digits, '0');
  slot += ' ';
  slot.append(k_number_digits - digits.size(), '0');
  slot += digits;
  put_crc(slot, std::string_view(slot).substr(k_crc_digits + 1));
  slot += '\n';
  return slot;
}

std::optional<RecordNumber> decode_ack(std::string_view slot) {
  if (slot.size() != k_ack_slot || slot.back() != '\n') return std::nullopt;
  const auto digits = covered(slot.substr(0, k_ack_slot - 1));
  return digits ? base::parse_number(digits->text) : std::nullopt;
}

std::string encode_header(const SegmentHeader& header) {
  std::string json;
  model::JsonWriter(json)
      .begin_object()
      .field("format", k_format)
      .field("version", k_version)
      .field("source", header.source)
      .field("destination", header.destination)
      .field("created", header.created)
      .field("client", header.client)
      .field("first", header.first)
      .end_object();
  return encode_line(0, json);
}

base::Result<SegmentHeader> decode_header(std::string_view json) {
  const auto object = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  const auto known = [&object] {
    return object.is_object() && object.value("format", nlohmann::json()) == k_format &&
           object.value("version", nlohmann::json()) == k_version;
  };
  if (!known()) return base::failure(base::ErrorCode::unsupported, "a spool file of another version");
  SegmentHeader header{text_of(object, "source"), text_of(object, "destination"), text_of(object, "created"),
                       text_of(object, "client")};
  const auto first = object.find("first");
  if (first != object.end() && first->is_number_unsigned()) header.first = first->get<RecordNumber>();
  return header;
}

}  // namespace agentpipe::delivery
