#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "agentpipe/formats/usage.hpp"

namespace agentpipe::formats::claude {

/// All that is kept of an id or a text that is only to be recognised.
std::uint64_t hash(std::string_view text);

/// What of one conversation has been seen: records by their uuid, answers of the API by message and request.
/// One API answer is written as several lines, and `--resume` writes lines again.
class Seen {
 public:
  /// False: this record was here before. A record without uuid is always new.
  bool add_record(std::string_view uuid);
  [[nodiscard]] bool has_record(std::string_view uuid) const;

  /// What an answer's first line means.
  enum class Kind : unsigned char {
    first,      ///< an answer not seen before
    continued,  ///< more of an answer that was already handed on
    replayed,   ///< a copy: the same message under another request, in a side chain
  };
  enum class Chain : unsigned char { main, side };
  struct Opened {
    Kind kind = Kind::first;
    std::string message_id;  ///< unique in the conversation
    Usage counted;           ///< of its earlier pieces
  };
  Opened open(std::string_view message_id, std::string_view request_id, std::string_view uuid, Chain chain);
  /// An answer was handed on with this usage, its earlier pieces included.
  void close(std::string_view message_id, std::string_view request_id, const Usage& usage);

 private:
  struct Answer {
    std::uint32_t pieces = 0;
    Usage counted;
  };
  static std::uint64_t key(std::string_view message_id, std::string_view request_id);

  std::unordered_set<std::uint64_t> records_;
  std::unordered_set<std::uint64_t> messages_;
  std::unordered_map<std::uint64_t, Answer> answers_;
};

}  // namespace agentpipe::formats::claude
