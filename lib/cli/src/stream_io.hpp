#pragma once

#include <condition_variable>
#include <streambuf>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/base/time.hpp"
#include "stream_control.hpp"

namespace agentpipe::cli {

/// One thing that `stream` reads.
struct StreamInput {
  std::string name;            ///< as messages call it
  std::string file_name;       ///< without folders; empty for standard input
  base::FileDescriptor owned;  ///< a file that was opened here
  int fd = -1;
  enum class Kind : unsigned char {
    live,
    file
  } kind = Kind::live;  ///< a file can be read again, later or slower
  base::Timestamp arrived;
};

/// Opens every path before the first is read. "-" is `standard_input`. Says which one cannot be read, and
/// why.
base::Result<std::vector<StreamInput>> open_inputs(const std::vector<std::string>& paths, int standard_input,
                                                   base::Timestamp now);

/// Reads as it comes; a request to stop wakes it.
class InputReader {
 public:
  InputReader(int fd, const StopEvent& stop) : fd_(fd), stop_(stop), room_(k_chunk, '\0') {}

  /// Waits for the next bytes; they stay until the next call. Empty: the end, a stop, or an error.
  std::string_view next();
  /// Why the input ended before its end; empty when it did not.
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  static constexpr std::size_t k_chunk = 64UL << 10U;

  bool wait() const;

  int fd_;
  const StopEvent& stop_;
  std::string room_;
  std::string error_;
};

/// What a reader reads, for whoever takes a std::istream. A stop is the end.
class InputBuffer final : public std::streambuf {
 public:
  InputBuffer(int fd, const StopEvent& stop) : reader_(fd, stop) {}

 private:
  int_type underflow() override;

  InputReader reader_;
};

/// Passes bytes on unchanged. When nobody reads them any more, it goes on without a word: the stream has
/// another purpose.
class Tee {
 public:
  explicit Tee(int fd) : fd_(fd) {}
  void write(std::string_view bytes, const StreamControl& control);

 private:
  /// False: stopped, or nobody is there.
  bool wait(const StreamControl& control) const;

  int fd_;
};

/// Reads an input on a thread of its own and passes it on at once, whatever becomes of the bytes afterwards:
/// who reads behind a tee does not wait for a disk. The end of its life waits for the end of the input.
class ReadAhead {
 public:
  ReadAhead(int fd, Tee& tee, const StreamControl& control);
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// Waits for what was passed on since the last call; it stays until the next one. Empty: the end, a stop,
  /// or an error.
  std::string_view next();
  /// Why the input ended before its end; empty when it did not. After the end.
  [[nodiscard]] const std::string& error() const { return reader_.error(); }

 private:
  /// Covers some syncs of a busy disk at the rate of an agent; a bridge that is killed takes it along.
  static constexpr std::size_t k_most_ahead = 256UL << 10U;

  void work();
  void put(std::string_view bytes);

  InputReader reader_;  // the worker's until it has ended
  Tee& tee_;
  const StreamControl& control_;
  base::Mutex mutex_;
  std::condition_variable_any changed_;
  std::string ahead_ GUARDED_BY(mutex_);
  enum class State : unsigned char { reading, ended, unwanted } state_ GUARDED_BY(mutex_) = State::reading;
  std::string taken_;
  std::jthread worker_;
};

}  // namespace agentpipe::cli
