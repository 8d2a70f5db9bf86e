#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/model/event.hpp"
#include "text_redactor.hpp"

namespace agentpipe::redact {

/// Goes through the strings of one JSON value. A string counts with its name: the key before it, or, in a
/// list of arguments, the flag before it. One use.
class JsonRedactor {
 public:
  /// `reading` of the whole; parts that are command lines by their key are read as such in any case.
  JsonRedactor(const TextRedactor& texts, Reading reading, Report& report)
      : texts_(texts), reading_(reading), report_(report) {}

  /// Leaves what is not valid JSON as it is.
  void apply(model::Json& json);

 private:
  struct Level {
    bool is_object = false;
    bool expects_key = false;
    bool is_command = false;  ///< under a key like "command" or "argv"
    std::string name;         ///< the last key, or the last flag of a list
  };

  void string(std::string_view raw);
  void key(std::string_view inner, std::string_view raw);
  void value(std::string_view inner, std::string_view raw);
  void structure(char c);
  void put(std::string_view raw, const std::string& changed);
  [[nodiscard]] bool inside_command() const;

  const TextRedactor& texts_;
  const Reading reading_;
  Report& report_;
  std::vector<Level> levels_;
  std::string out_;
  std::size_t changed_keys_ = 0;
};

/// Does a field or key of that name hold a command line?
bool holds_command(std::string_view name);

}  // namespace agentpipe::redact
