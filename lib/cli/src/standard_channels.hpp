#pragma once

#include <array>
#include <ostream>
#include <streambuf>

namespace agentpipe::cli {

/// Opens /dev/null in the place of every standard channel that is closed: else the next socket or pipe of
/// this process would take its number, and get what is meant for the user.
void open_closed_channels();

/// What `stream` writes goes to `fd` for the life of this object, and why it did not get there is kept: a
/// stream itself only knows that it is bad. One thread.
class OutputBuffer final : private std::streambuf {
 public:
  OutputBuffer(std::ostream& stream, int fd);
  ~OutputBuffer() override;
  OutputBuffer(const OutputBuffer&) = delete;
  OutputBuffer& operator=(const OutputBuffer&) = delete;

  /// The error number of the first write that failed; 0: none. After a flush.
  [[nodiscard]] int error() const { return error_; }

 private:
  int_type overflow(int_type next) override;
  int sync() override;

  std::ostream& stream_;
  std::streambuf* const before_;
  const int fd_;
  int error_ = 0;
  std::array<char, 8192> room_{};
};

}  // namespace agentpipe::cli
