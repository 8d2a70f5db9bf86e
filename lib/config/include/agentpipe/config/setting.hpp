#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace agentpipe::config {

/// Who gave a setting its value.
struct Origin {
  enum class Kind : unsigned char { default_value, file, environment, flag };

  Kind kind = Kind::default_value;
  std::string name;      ///< path of the file, name of the variable or flag; empty for a default
  std::size_t line = 0;  ///< in the file, from 1

  static Origin file(std::string path, std::size_t line) { return {Kind::file, std::move(path), line}; }
  static Origin environment(std::string name) { return {Kind::environment, std::move(name), 0}; }
  static Origin flag(std::string name) { return {Kind::flag, std::move(name), 0}; }

  bool operator==(const Origin&) const = default;
};

/// "default", "/home/a/.agentpipe.yaml:7", "$AGENTPIPE_STREAM_URL", "--url"
std::string to_string(const Origin& origin);

/// A value that knows where it came from.
template <class T>
struct Setting {
  T value{};
  Origin origin{};

  const T& operator*() const { return value; }
  const T* operator->() const { return &value; }
};

}  // namespace agentpipe::config
