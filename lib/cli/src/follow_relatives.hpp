#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "agentpipe/formats/ledger.hpp"

namespace agentpipe::cli {

/// Finds out for followed files what they copied: a resumed or forked session begins with the records of an
/// older file beside it. One thread.
class Relatives {
 public:
  /// To read this file with; null when it has no older relatives, or when its first record is not there yet.
  /// They are read once for it.
  std::shared_ptr<formats::Ledger> ledger_of(const std::filesystem::path& file);
  /// Has ledger_of() seen its first record?
  [[nodiscard]] bool know(const std::string& file) const { return ledgers_.contains(file); }
  /// It begins anew.
  void forget(const std::string& file) { ledgers_.erase(file); }

 private:
  std::map<std::string, std::shared_ptr<formats::Ledger>> ledgers_;
};

}  // namespace agentpipe::cli
