#include <algorithm>
#include <array>
#include <optional>

#include "agentpipe/base/text.hpp"
#include "rows.hpp"
#include "unnamed_file.hpp"
#include "zip_file.hpp"

/// The zip archives that ChatGPT and Claude.ai send: `conversations.json`, or several
/// `conversations-000.json`, in any folder of it. What else lies there (images, the page to look at them)
/// does not count.
namespace agentpipe::formats {
namespace {

/// Text packs ten times smaller, a list of short answers perhaps fifty times; a bomb a thousand times.
constexpr std::uint64_t k_max_ratio = 200;
constexpr std::uint64_t k_always_fine = 64UL << 20U;
/// An archive's list of files comes last, so one that is piped is kept until then.
constexpr std::uint64_t k_max_piped = 4UL << 30U;
/// What such an archive holds may be read as these.
constexpr std::array<std::string_view, 2> k_inside = {"chatgpt", "claude-ai"};

bool holds_conversations(std::string_view name) {
  const auto file = name.substr(name.rfind('/') + 1);
  return file == "conversations.json" || (file.starts_with("conversations-") && file.ends_with(".json"));
}

class ZipReader final : public Reader {
 public:
  explicit ZipReader(Origin origin) : origin_(std::move(origin)) {}

  void line(std::string_view /*text*/, std::uint64_t /*number*/, Sink& /*sink*/) override {}

  void piece(std::string_view bytes, Sink& /*sink*/) override {
    if (!fault_.empty()) return;
    if (const auto kept = keep(bytes); !kept) {
      fault_ = kept.error().message + "; name the zip archive instead of piping it";
      copy_.reset();
    }
  }

  void end(Sink& sink) override {
    if (!fault_.empty()) return sink.problem({0, fault_});
    std::error_code error;
    most_ = std::max(k_always_fine, k_max_ratio * std::filesystem::file_size(origin_.path, error));
    auto archive = ZipFile::open(origin_.path);
    if (error || !archive) return sink.problem({0, error ? error.message() : archive.error().message});
    const auto done = archive->each([&](const ZipFile::Entry& entry) {
      if (holds_conversations(entry.name)) read(*archive, entry, sink);
      return unpacked_ > most_ ? ZipFile::Visit::enough : ZipFile::Visit::next;
    });
    if (!done) sink.problem({0, done.error().message});
    if (files_ == 0) sink.problem({0, "there is no conversations.json in the zip archive"});
  }

 private:
  void read(ZipFile& archive, const ZipFile::Entry& entry, Sink& sink) {
    ++files_;
    const auto tell = [&](const std::string& what) { sink.problem({0, entry.name + ": " + what}); };
    if (entry.encrypted) return tell("it is protected by a password; unpack it first");
    std::string head;
    std::unique_ptr<Reader> reader;
    const auto done = archive.read([&](std::string_view bytes) {
      unpacked_ += bytes.size();
      if (unpacked_ > most_) return ZipFile::Visit::enough;
      if (!reader && (head += bytes).size() < k_head) return ZipFile::Visit::next;
      if (!reader && !(reader = open(head))) return ZipFile::Visit::enough;
      reader->piece(head.empty() ? bytes : std::string_view(head), sink);
      head.clear();
      return ZipFile::Visit::next;
    });
    if (!done) return tell(done.error().message);
    if (unpacked_ > most_)
      return tell("it unpacks to more than " + std::to_string(k_max_ratio) +
                  " times its size; the rest was left out");
    if (!reader && (reader = open(head))) reader->piece(head, sink);
    if (!reader) return tell("neither an export of ChatGPT nor of Claude.ai");
    reader->end(sink);
  }

  /// Null when it is nothing that lies in such an archive.
  std::unique_ptr<Reader> open(std::string_view head) const {
    auto inside = origin_;
    inside.path.clear();
    const auto* format = recognise(head.substr(0, k_head), inside);
    if (format == nullptr || std::ranges::find(k_inside, format->name) == k_inside.end()) return nullptr;
    return format->open(inside);
  }

  base::Result<void> keep(std::string_view bytes) {
    if (!copy_) {
      auto made = UnnamedFile::in(origin_.scratch);
      if (!made) return base::forward(made);
      copy_.emplace(std::move(*made));
      origin_.path = copy_->path();
    }
    if (copy_->size() + bytes.size() > k_max_piped)
      return base::failure(base::ErrorCode::too_large, "more than " + base::human_bytes(k_max_piped));
    return copy_->append(bytes);
  }

  Origin origin_;
  std::optional<UnnamedFile> copy_;  ///< of what was piped
  std::string fault_;                ///< why there is none
  std::uint64_t most_ = 0;           ///< bytes to unpack
  std::uint64_t unpacked_ = 0;       ///< of all files, so that several names for the same bytes count
  std::size_t files_ = 0;
};

}  // namespace

bool is_zip(std::string_view head, const Origin& origin) {
  if (!head.starts_with("PK\x03\x04")) return false;
  if (origin.path.empty()) return true;  // what is in it stands at its end
  auto archive = ZipFile::open(origin.path);
  bool found = false;
  const auto done = archive ? archive->each([&](const ZipFile::Entry& entry) {
    found = holds_conversations(entry.name);
    return found ? ZipFile::Visit::enough : ZipFile::Visit::next;
  })
                            : base::Result<void>();
  return done && found;
}

std::unique_ptr<Reader> open_zip(const Origin& origin) {
  return std::make_unique<ZipReader>(origin);
}

}  // namespace agentpipe::formats
