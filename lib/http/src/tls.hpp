#pragma once

#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <memory>
#include <span>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/http/server.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace agentpipe::http {

/// What came of trying to move bytes.
enum class IoState : unsigned char { ok, would_block, closed };
struct Moved {
  IoState state = IoState::ok;
  std::size_t bytes = 0;
};

/// TLS 1.2 or newer on one socket that does not block. The handshake happens within the first reads. One
/// thread at a time.
class TlsSession {
 public:
  TlsSession(ssl_ctx_st& context, int socket);

  Moved read(std::span<char> into);
  Moved write(std::span<const boost::asio::const_buffer> pieces);
  /// Was the last thing that was missing the other way of the socket?
  [[nodiscard]] bool read_waits_for_write() const { return read_waits_for_write_; }
  [[nodiscard]] bool write_waits_for_read() const { return write_waits_for_read_; }
  /// Is there something to read that the socket will not tell of?
  [[nodiscard]] bool has_pending() const;
  /// Tells the other end that nothing more comes.
  void finish();

 private:
  struct Free {
    void operator()(ssl_st* session) const;
  };
  std::unique_ptr<ssl_st, Free> session_;
  bool read_waits_for_write_ = false;
  bool write_waits_for_read_ = false;
};

/// Certificate and key, replaceable while connections go on with those they began with. Thread-safe.
class TlsContext {
 public:
  explicit TlsContext(TlsFiles files) : files_(std::move(files)) {}

  /// Reads the files (anew). `configuration`, naming the file: it cannot be read or the two do not belong
  /// together; what was loaded before stays.
  base::Result<void> load() EXCLUDES(mutex_);
  [[nodiscard]] std::unique_ptr<TlsSession> session(int socket) const EXCLUDES(mutex_);

 private:
  const TlsFiles files_;
  mutable base::Mutex mutex_;
  std::shared_ptr<ssl_ctx_st> current_ GUARDED_BY(mutex_);
};

}  // namespace agentpipe::http
