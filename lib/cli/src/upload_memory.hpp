#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "agentpipe/base/result.hpp"
#include "agentpipe/follow/places.hpp"

namespace agentpipe::cli {

/// Which files have been uploaded as they are now, so that doing it again need not read them. One file a
/// database of a server in `uploaded/` of the state folder: another database starts from nothing. What
/// another version of this program could not read is forgotten. One thread.
class UploadMemory {
 public:
  struct Server {
    std::string url;
    std::string database;  ///< as the server calls it; empty: it does not say
  };
  /// What is known of one file.
  struct Uploaded {
    std::uint64_t sessions = 0;
    std::string lineage;  ///< formats::Format::lineage
    /// `open`: all that is in it went, but not that its sessions have ended; it has to be read once more.
    enum class End : unsigned char { told, open } end = End::told;
    bool operator==(const Uploaded&) const = default;
  };

  static base::Result<UploadMemory> open(const std::filesystem::path& state, const Server& server);
  /// The one that was used last for this server, whatever its database. `not_found` when there is none.
  static base::Result<UploadMemory> open_latest(const std::filesystem::path& state, const std::string& url);

  /// Nothing when the file was not uploaded, or has changed since.
  [[nodiscard]] std::optional<Uploaded> find(const std::filesystem::path& path,
                                             const follow::Facts& facts) const;
  base::Result<void> remember(const std::filesystem::path& path, const follow::Facts& facts,
                              const Uploaded& uploaded);

 private:
  explicit UploadMemory(follow::Places places) : places_(std::move(places)) {}

  follow::Places places_;
};

}  // namespace agentpipe::cli
