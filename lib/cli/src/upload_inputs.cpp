#include "upload_inputs.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <set>
#include <streambuf>
#include <system_error>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/text.hpp"

namespace agentpipe::cli {
namespace {

namespace fs = std::filesystem;
using Choice = Input::Choice;

/// Bytes of a descriptor as a stream buffer; a failed read throws, which sets the stream's badbit.
class DescriptorBuffer final : public std::streambuf {
 public:
  explicit DescriptorBuffer(base::FileDescriptor file) : file_(std::move(file)) {}

 protected:
  int_type underflow() override {
    ssize_t count = 0;
    do {
      count = ::read(file_.get(), room_.data(), room_.size());
    } while (count < 0 && errno == EINTR);
    if (count < 0) throw std::system_error(errno, std::generic_category());
    if (count == 0) return traits_type::eof();
    setg(room_.data(), room_.data(), room_.data() + count);
    return traits_type::to_int_type(room_.front());
  }

 private:
  base::FileDescriptor file_;
  std::array<char, 64UL << 10U> room_{};
};

class DescriptorStream final : public std::istream {
 public:
  explicit DescriptorStream(base::FileDescriptor file) : std::istream(nullptr), buffer_(std::move(file)) {
    rdbuf(&buffer_);
  }

 private:
  DescriptorBuffer buffer_;
};

std::string obstacle_of(const fs::file_status& status) {
  switch (status.type()) {
    case fs::file_type::regular:
      return {};
    case fs::file_type::symlink:
      return "a symbolic link; name the file it points to";
    case fs::file_type::directory:
      return "a folder";
    default:
      return "not a regular file";
  }
}

/// How many folders below `folder` a match may lie; only `**` goes deeper than it has slashes.
int depth_of(const fs::path& folder, std::string_view pattern) {
  if (pattern.empty() || pattern.find("**") != std::string_view::npos) return std::numeric_limits<int>::max();
  const auto below = pattern.substr(std::min(folder.string().size() + 1, pattern.size()));
  return static_cast<int>(std::count(below.begin(), below.end(), '/'));
}

bool is_pattern(std::string_view text) {
  return text.find_first_of("*?[") != std::string_view::npos;
}

class Expansion {
 public:
  explicit Expansion(fs::path working_directory) : working_directory_(std::move(working_directory)) {}

  base::Result<void> add(const std::string& argument) {
    if (argument == "-") {
      inputs_.push_back({.path = "-"});
      return {};
    }
    std::error_code error;
    const auto status = fs::symlink_status(absolute(argument), error);
    if (status.type() == fs::file_type::directory) return walk(argument, "");
    if (fs::exists(status)) {
      take(argument, Choice::named, obstacle_of(status));
      return {};
    }
    if (is_pattern(argument)) return match(argument);
    return refuse(argument, base::system_message(ENOENT));
  }

  std::vector<Input> inputs() && { return std::move(inputs_); }

 private:
  [[nodiscard]] fs::path absolute(const fs::path& path) const { return working_directory_ / path; }

  void take(const fs::path& path, Choice choice, std::string obstacle) {
    if (seen_.insert(absolute(path).lexically_normal().string()).second) {
      inputs_.push_back({.path = path, .choice = choice, .obstacle = std::move(obstacle)});
    }
  }

  base::Result<void> refuse(const fs::path& path, std::string obstacle) {
    take(path, Choice::named, std::move(obstacle));
    return {};
  }

  /// All files below `folder` whose path matches `pattern` (empty: all).
  base::Result<void> walk(const fs::path& folder, const std::string& pattern) {
    if (::access(absolute(folder).c_str(), R_OK | X_OK) != 0)
      return refuse(folder, base::system_message(errno));
    std::vector<std::pair<fs::path, std::string>> found;
    std::error_code error;
    const int depth = depth_of(folder, pattern);
    const auto options = fs::directory_options::skip_permission_denied;
    fs::recursive_directory_iterator entry(absolute(folder), options, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      std::error_code gone;
      const auto status = entry->symlink_status(gone);
      if (status.type() == fs::file_type::directory && entry.depth() >= depth)
        entry.disable_recursion_pending();
      if (gone || status.type() == fs::file_type::directory) continue;
      auto path = folder / entry->path().lexically_relative(absolute(folder));
      if (!pattern.empty() && !base::matches_glob(pattern, path.string())) continue;
      found.emplace_back(std::move(path), obstacle_of(status));
      if (inputs_.size() + found.size() > k_max_inputs) {
        return base::failure(base::ErrorCode::too_large, folder.string() + ": more than " +
                                                             base::group_digits(k_max_inputs) +
                                                             " files; name a smaller folder");
      }
    }
    std::sort(found.begin(), found.end());
    for (auto& [path, obstacle] : found) take(path, Choice::found, std::move(obstacle));
    if (error) return refuse(folder, error.message());
    if (found.empty() && !pattern.empty()) return refuse(pattern, "no file matches");
    return {};
  }

  /// Walks from the last folder before the first wildcard.
  base::Result<void> match(const std::string& pattern) {
    const auto slash = pattern.rfind('/', pattern.find_first_of("*?["));
    if (slash == std::string::npos) return walk("", pattern);
    const auto folder = pattern.substr(0, std::max<std::size_t>(slash, 1));
    std::error_code error;
    if (!fs::is_directory(absolute(folder), error)) return refuse(pattern, "no file matches");
    return walk(folder, pattern);
  }

  fs::path working_directory_;
  std::set<std::string> seen_;
  std::vector<Input> inputs_;
};

}  // namespace

base::Result<std::vector<Input>> expand_inputs(const std::vector<std::string>& arguments,
                                               const fs::path& working_directory) {
  Expansion expansion(working_directory);
  for (const auto& argument : arguments) {
    if (auto added = expansion.add(argument); !added) return base::forward(added);
  }
  return std::move(expansion).inputs();
}

base::Result<OpenInput> open_input(const fs::path& path) {
  base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.valid()) return base::failure(base::ErrorCode::io, base::system_message(errno));
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0)
    return base::failure(base::ErrorCode::io, base::system_message(errno));
  if (!S_ISREG(facts.st_mode)) return base::failure(base::ErrorCode::io, "not a regular file");
  const base::Timestamp modified{std::chrono::seconds(facts.st_mtim.tv_sec)};
  return OpenInput{std::make_unique<DescriptorStream>(std::move(file)), modified};
}

}  // namespace agentpipe::cli
