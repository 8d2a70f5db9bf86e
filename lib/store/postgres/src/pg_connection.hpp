#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "agentpipe/base/result.hpp"
#include "connection.hpp"
#include "failure.hpp"

namespace agentpipe::store::postgres {

/// What PostgreSQL says its own way: search.hpp.
const sql::Dialect& dialect();

enum class Role : unsigned char {
  only_writer,  ///< holds the lock of the one server
  guest,
};

/// One connection to the schema "agentpipe". Between transactions a lost one is made anew, with what was
/// prepared on it and, for the writer, with its lock.
class PgConnection final : public sql::Connection {
 public:
  static base::Result<std::unique_ptr<PgConnection>> open(std::string url, Role role);

  [[nodiscard]] const sql::Dialect& dialect() const override { return postgres::dialect(); }
  base::Result<std::unique_ptr<sql::Prepared>> prepare(const std::string& sql) override;
  base::Result<void> execute(const std::string& sql) override;

  base::Result<void> begin(sql::Transaction kind) override;
  base::Result<void> commit() override;
  base::Result<void> roll_back() override;
  [[nodiscard]] std::uint64_t generation() const override { return generation_; }

  [[nodiscard]] PGconn* handle() const { return handle_.get(); }
  /// A name for a prepared statement.
  [[nodiscard]] std::string next_name() { return "s" + std::to_string(++names_); }

 private:
  PgConnection(std::string url, Role role) : url_(std::move(url)), role_(role) {}

  base::Result<void> connect();
  base::Result<void> settle_in();
  base::Result<void> take_lock();

  const std::string url_;  // holds a password, perhaps
  const Role role_;
  Handle handle_;
  std::uint64_t generation_ = 0;
  std::uint64_t names_ = 0;
};

}  // namespace agentpipe::store::postgres
