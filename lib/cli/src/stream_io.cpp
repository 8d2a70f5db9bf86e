#include "stream_io.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <ios>

namespace agentpipe::cli {

namespace {

using base::MutexLock;

/// A pipe that polls writable takes this much without blocking (POSIX).
constexpr std::size_t k_pipe_room = 4096;

base::Timestamp modified(const struct stat& info) {
  return base::Timestamp(std::chrono::seconds(info.st_mtim.tv_sec) +
                         std::chrono::milliseconds(info.st_mtim.tv_nsec / 1'000'000));
}

base::Result<StreamInput> open_stream_input(const std::string& path, int standard_input,
                                            base::Timestamp now) {
  StreamInput input{path, {}, {}, standard_input, StreamInput::Kind::live, now};
  if (path == "-") {
    input.name = "standard input";
  } else {
    input.owned = base::FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    input.fd = input.owned.get();
    input.file_name = std::filesystem::path(path).filename().string();
  }
  struct stat info {};
  if (input.fd < 0 || ::fstat(input.fd, &info) != 0) {
    const auto code = errno == ENOENT ? base::ErrorCode::not_found : base::ErrorCode::io;
    return base::failure(code, "cannot read " + input.name + ": " + base::system_message(errno));
  }
  if (S_ISDIR(info.st_mode)) {
    return base::failure(base::ErrorCode::io, input.name + " is a folder; `upload` takes folders");
  }
  if (S_ISREG(info.st_mode)) {
    input.kind = StreamInput::Kind::file;
    input.arrived = modified(info);
  }
  return input;
}

}  // namespace

base::Result<std::vector<StreamInput>> open_inputs(const std::vector<std::string>& paths, int standard_input,
                                                   base::Timestamp now) {
  std::vector<StreamInput> inputs;
  for (const std::string& path : paths) {
    auto input = open_stream_input(path, standard_input, now);
    if (!input) return base::forward(input);
    inputs.push_back(std::move(*input));
  }
  return inputs;
}

std::string_view InputReader::next() {
  while (wait()) {
    const auto count = ::read(fd_, room_.data(), room_.size());
    if (count >= 0) return std::string_view(room_).substr(0, static_cast<std::size_t>(count));
    if (errno == EINTR || errno == EAGAIN) continue;
    error_ = base::system_message(errno);
    break;
  }
  return {};
}

bool InputReader::wait() const {
  pollfd entries[] = {{fd_, POLLIN, 0}, {stop_.fd(), POLLIN, 0}};
  while (!stop_.requested()) {
    if (::poll(entries, 2, -1) > 0 && entries[0].revents != 0) break;
  }
  return !stop_.requested();
}

InputBuffer::int_type InputBuffer::underflow() {
  const auto bytes = reader_.next();
  // A stream learns only in this way that it is bad rather than at its end.
  if (!reader_.error().empty()) throw std::ios_base::failure(reader_.error());
  if (bytes.empty()) return traits_type::eof();
  char* const begin = const_cast<char*>(bytes.data());  // a get area is never written to
  setg(begin, begin, begin + bytes.size());
  return traits_type::to_int_type(*begin);
}

void Tee::write(std::string_view bytes, const StreamControl& control) {
  while (!bytes.empty() && fd_ >= 0 && wait(control)) {
    const auto count = ::write(fd_, bytes.data(), std::min(bytes.size(), k_pipe_room));
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR && errno != EAGAIN) {
      fd_ = -1;
    }
  }
}

bool Tee::wait(const StreamControl& control) const {
  constexpr int k_look_at_stop_ms = 100;
  pollfd entry{fd_, POLLOUT, 0};
  while (!control.stop_everything().stop_requested()) {
    if (::poll(&entry, 1, k_look_at_stop_ms) > 0) return true;
  }
  return false;
}

ReadAhead::ReadAhead(int fd, Tee& tee, const StreamControl& control)
    : reader_(fd, control.end_of_input()), tee_(tee), control_(control), worker_([this] { work(); }) {}

ReadAhead::~ReadAhead() {
  const MutexLock lock(mutex_);
  if (state_ == State::reading) state_ = State::unwanted;
  changed_.notify_all();
}

void ReadAhead::work() {
  for (auto bytes = reader_.next(); !bytes.empty(); bytes = reader_.next()) {
    tee_.write(bytes, control_);
    put(bytes);
  }
  const MutexLock lock(mutex_);
  state_ = State::ended;
  changed_.notify_all();
}

void ReadAhead::put(std::string_view bytes) {
  MutexLock lock(mutex_);
  while (state_ == State::reading && ahead_.size() >= k_most_ahead) changed_.wait(lock);
  if (state_ == State::unwanted) return;
  ahead_ += bytes;
  changed_.notify_all();
}

std::string_view ReadAhead::next() {
  taken_.clear();
  MutexLock lock(mutex_);
  while (state_ == State::reading && ahead_.empty()) changed_.wait(lock);
  std::swap(taken_, ahead_);
  changed_.notify_all();
  return taken_;
}

}  // namespace agentpipe::cli
