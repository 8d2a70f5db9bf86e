#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>

#include "agentpipe/formats/reader.hpp"

namespace agentpipe::cli {

/// Tells events that were passed on from those that were not, by file. Forgets when it holds many: then some
/// go again, and the server knows them by their ids.
class SentEvents {
 public:
  /// True the first time.
  bool add(const std::string& path, const model::Event& event);
  void forget(const std::string& path) { files_.erase(path); }

 private:
  std::map<std::string, std::unordered_set<std::uint64_t>> files_;
  std::size_t count_ = 0;
};

/// Of a file that is read anew: passes on what the last reading did not. A document that is being written is
/// no news, and neither is what is wrong with it.
class OnlyNew final : public formats::Sink {
 public:
  OnlyNew(SentEvents& sent, const std::string& path, formats::Sink& sink)
      : sent_(sent), path_(path), sink_(sink) {}

  void event(model::Event event) override;
  void skipped(formats::Skip why, std::uint64_t line) override { sink_.skipped(why, line); }
  void problem(formats::Problem problem) override;

 private:
  SentEvents& sent_;
  const std::string& path_;
  formats::Sink& sink_;
};

/// For what was passed on before, or is read for another file's sake.
class Muted final : public formats::Sink {
 public:
  void event(model::Event /*event*/) override {}
  void skipped(formats::Skip /*why*/, std::uint64_t /*line*/) override {}
  void problem(formats::Problem /*problem*/) override {}
};

}  // namespace agentpipe::cli
