#include "service_manager.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/ip_address.hpp"
#include "agentpipe/base/log.hpp"
#include "agentpipe/base/text.hpp"

namespace agentpipe::cli {

namespace {

constexpr int k_first_socket = 3;  // SD_LISTEN_FDS_START
constexpr std::uint64_t k_most_sockets = 64;

/// Meant for this process, not for one that started it?
bool is_for_us(const config::Environment& environment, std::string_view variable) {
  const auto process = environment.get(variable);
  return process && base::parse_number(*process) == static_cast<std::uint64_t>(::getpid());
}

std::optional<base::Milliseconds> watchdog_in(const config::Environment& environment) {
  if (environment.get("WATCHDOG_PID") && !is_for_us(environment, "WATCHDOG_PID")) return std::nullopt;
  const auto microseconds = base::parse_number(environment.get_or("WATCHDOG_USEC", ""));
  if (!microseconds || *microseconds < 1000) return std::nullopt;
  return base::Milliseconds(static_cast<std::int64_t>(*microseconds / 1000));
}

std::vector<int> sockets_in(const config::Environment& environment) {
  std::vector<int> sockets;
  const auto count = base::parse_number(environment.get_or("LISTEN_FDS", ""));
  if (!count || !is_for_us(environment, "LISTEN_PID")) return sockets;
  for (int i = 0; i < static_cast<int>(std::min(*count, k_most_sockets)); ++i) {
    ::fcntl(k_first_socket + i, F_SETFD, FD_CLOEXEC);
    sockets.push_back(k_first_socket + i);
  }
  return sockets;
}

bool is_loopback_socket(int socket) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  std::array<char, NI_MAXHOST> host{};
  auto* const address = reinterpret_cast<sockaddr*>(&name);
  if (::getsockname(socket, address, &size) != 0) return false;
  if (::getnameinfo(address, size, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST) != 0) return false;
  const auto parsed = base::IpAddress::parse(host.data());
  return parsed && parsed->is_loopback();
}

}  // namespace

ServiceManager::ServiceManager(const config::Environment& environment)
    : address_(environment.get_or("NOTIFY_SOCKET", "")),
      watchdog_(watchdog_in(environment)),
      sockets_(sockets_in(environment)) {}

bool ServiceManager::sockets_are_local() const {
  return std::ranges::all_of(sockets_, is_loopback_socket);
}

void ServiceManager::tell(std::string_view state) const {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (address_.empty() || address_.size() >= sizeof to.sun_path) return;
  std::ranges::copy(address_, to.sun_path);
  if (address_.front() == '@') to.sun_path[0] = '\0';  // an abstract name
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  const base::FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto sent = ::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&to), length);
  if (sent < 0) {
    base::log(base::LogLevel::warn, "the service manager could not be told",
              {{"reason", base::system_message(errno)}});
  }
}

}  // namespace agentpipe::cli
