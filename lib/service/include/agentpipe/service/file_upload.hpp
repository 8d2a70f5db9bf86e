#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/model/upload.hpp"
#include "agentpipe/service/need.hpp"
#include "agentpipe/service/query.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// What is wrong with a file: the place and the remedy.
struct FileProblem {
  std::uint64_t line = 0;  ///< from 1; 0: the file as a whole
  std::string reason;
};

/// What a file holds.
struct FileContents {
  std::string format;  ///< empty: not recognised
  std::vector<model::Upload> sessions;
  std::vector<FileProblem> problems;
};

/// Reads a file of any known format; `format` empty: by its looks; `invalid` when there is no such format.
using ReadFile = std::function<base::Result<FileContents>(std::string_view bytes, const std::string& name,
                                                          std::string_view format)>;

struct FileReply {
  enum class Kind : unsigned char {
    stored,
    nothing
  } kind = Kind::stored;  ///< nothing: nothing could be read
  std::string json;
};
using FileDone = std::function<void(base::Result<FileReply>)>;

/// Takes whole files in. Reading happens on the caller's thread (a second for 64 MiB: not a network loop),
/// storing on the store's. Thread-safe.
class FileUploads {
 public:
  FileUploads(store::Store& store, const base::Clock& clock, ReadFile read)
      : store_(store), clock_(clock), read_(std::move(read)) {}

  /// What the caller must be allowed to do: more than upload when sessions may be replaced.
  static Need need(const Query& query);

  /// `name`, `format` (auto), `on_duplicate=skip|replace|keep_both` (skip). Each session is stored completely
  /// or not at all; the reply tells of each. `done` is called once, on any thread, after the commits.
  void upload(std::string_view bytes, const Query& query, FileDone done);

 private:
  store::Store& store_;
  const base::Clock& clock_;
  ReadFile read_;
};

}  // namespace agentpipe::service
