#include "tool_version.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/text.hpp"

namespace agentpipe::cli {

namespace {

constexpr std::size_t k_most_output = 4096;
constexpr std::chrono::seconds k_patience{3};
constexpr int k_look_ms = 100;
constexpr std::size_t k_longest_version = 60;

bool is_executable(const std::string& path) {
  struct stat facts {};
  return stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode) && access(path.c_str(), X_OK) == 0;
}

/// A process in a group of its own; killed and reaped at the end of its life.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  ~Child() {
    kill(-pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

 private:
  pid_t pid_;
};

/// Starts it with its output on `output`.
std::optional<pid_t> start(const std::string& executable, std::vector<std::string>& environment, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  std::string flag = "--version";
  std::string name = executable;
  std::array<char*, 3> arguments{name.data(), flag.data(), nullptr};
  std::vector<char*> variables;
  for (auto& variable : environment) variables.push_back(variable.data());
  variables.push_back(nullptr);
  pid_t pid = 0;
  const int failed =
      posix_spawn(&pid, executable.c_str(), &actions, &attributes, arguments.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failed == 0 ? std::optional(pid) : std::nullopt;
}

std::string read_output(int fd, const std::stop_token& stop) {
  std::string output;
  const auto end = std::chrono::steady_clock::now() + k_patience;
  while (output.size() < k_most_output && std::chrono::steady_clock::now() < end && !stop.stop_requested()) {
    pollfd wait{fd, POLLIN, 0};
    if (poll(&wait, 1, k_look_ms) <= 0) continue;
    std::array<char, 1024> part{};
    const auto count = read(fd, part.data(), part.size());
    if (count <= 0) break;
    output.append(part.data(), static_cast<std::size_t>(count));
  }
  return output;
}

bool looks_like_version(std::string_view word) {
  const auto digit = std::ranges::find_if(word, [](unsigned char c) { return std::isdigit(c) != 0; });
  return digit != word.end() && std::find(digit, word.end(), '.') != word.end();
}

std::string version_in(std::string_view output) {
  for (const auto line : base::split(output, '\n')) {
    for (const auto word : base::split(base::trim(line), ' '))
      if (looks_like_version(word)) return base::terminal_safe(base::one_line(word, k_longest_version));
  }
  return base::terminal_safe(base::one_line(base::trim(output), k_longest_version));
}

}  // namespace

std::string find_in_path(std::string_view command, std::string_view path) {
  for (const auto folder : base::split(path, ':')) {
    if (!folder.starts_with('/')) continue;  // what lies in the working directory is nobody's tool
    auto candidate = std::string(folder) + "/" + std::string(command);
    if (is_executable(candidate)) return candidate;
  }
  return {};
}

std::string tool_version(const std::string& executable, std::vector<std::string> environment,
                         const std::stop_token& stop) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const base::FileDescriptor from(ends[0]);
  std::optional<pid_t> pid;
  {
    const base::FileDescriptor into(ends[1]);
    pid = start(executable, environment, into.get());
  }
  if (!pid) return {};
  const Child child(*pid);
  return version_in(base::repair_utf8(read_output(from.get(), stop)));
}

}  // namespace agentpipe::cli
