#include "pg_connection.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "parameters.hpp"
#include "pg_prepared.hpp"

namespace agentpipe::store::postgres {

namespace {

using base::ErrorCode;

/// "apbr" and a number; advisory locks have no other name.
constexpr std::string_view k_lock = "SELECT pg_try_advisory_lock(1634755186, 1)";

// A server that vanished with its machine gives its lock back within a minute.
constexpr const char* k_settings =
    "SET client_encoding TO 'UTF8'; SET client_min_messages TO warning; SET search_path TO agentpipe, public;"
    "SET bytea_output TO 'hex'; SET standard_conforming_strings TO on; SET lock_timeout TO '5s';"
    "SET tcp_keepalives_idle TO 30; SET tcp_keepalives_interval TO 10; SET tcp_keepalives_count TO 3;";

Handle connect_to(const std::string& url) {
  // What the URL says comes last and counts.
  constexpr std::array k_names{"connect_timeout", "application_name", "dbname",
                               static_cast<const char*>(nullptr)};
  const std::array values{"5", "agentpipe-web", url.c_str(), static_cast<const char*>(nullptr)};
  return Handle(PQconnectdbParams(k_names.data(), values.data(), 1));
}

base::Result<std::string> word(PGconn* connection, std::string_view sql) {
  const Answer answer(PQexec(connection, std::string(sql).c_str()));
  if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK || PQntuples(answer.get()) != 1)
    return tl::unexpected<base::Error>(failure(connection, answer.get()));
  return std::string(PQgetvalue(answer.get(), 0, 0));
}

/// A setting that the database must have.
struct Demand {
  const char* question;
  std::string_view wrong;  // the answer that does not do; empty: all but `right`
  std::string_view right;
  const char* remedy;
};
constexpr std::array k_demands{
    Demand{"SHOW server_encoding", "", "UTF8",
           "The database must be encoded in UTF8: CREATE DATABASE … ENCODING 'UTF8'."},
    Demand{"SHOW synchronous_commit", "off", "",
           "The database commits asynchronously, so that a power cut loses what was acknowledged; set "
           "synchronous_commit to on."},
    Demand{"SHOW fsync", "off", "",
           "The database does not write through to the disk, so that a power cut loses what was "
           "acknowledged; set "
           "fsync to on."},
};

base::Result<void> check_demands(PGconn* connection) {
  for (const Demand& demand : k_demands) {
    auto answer = word(connection, demand.question);
    if (!answer) return base::forward(answer);
    const bool fits = demand.wrong.empty() ? *answer == demand.right : *answer != demand.wrong;
    if (!fits) return base::failure(ErrorCode::configuration, demand.remedy);
  }
  return {};
}

}  // namespace

base::Result<std::unique_ptr<PgConnection>> PgConnection::open(std::string url, Role role) {
  std::unique_ptr<PgConnection> made(new PgConnection(std::move(url), role));
  if (auto connected = made->connect(); !connected) return base::forward(connected);
  return made;
}

base::Result<void> PgConnection::connect() {
  handle_ = connect_to(url_);
  if (PQstatus(handle()) != CONNECTION_OK) return tl::unexpected<base::Error>(failure(handle(), nullptr));
  ++generation_;
  auto done = settle_in();
  if (!done) handle_.reset();
  return done;
}

base::Result<void> PgConnection::settle_in() {
  if (auto set = execute(k_settings); !set) return set;
  if (auto fits = check_demands(handle()); !fits) return fits;
  return role_ == Role::only_writer ? take_lock() : base::Result<void>();
}

base::Result<void> PgConnection::take_lock() {
  auto taken = word(handle(), k_lock);
  if (!taken) return base::forward(taken);
  if (*taken == "t") return {};
  return base::failure_at(
      {}, ErrorCode::configuration,
      "Another server has this database open; stop it, or give this one a database of its own.",
      "database_in_use");
}

base::Result<std::unique_ptr<sql::Prepared>> PgConnection::prepare(const std::string& sql) {
  return std::make_unique<PgPrepared>(*this, with_dollars(sql));
}

base::Result<void> PgConnection::execute(const std::string& sql) {
  const Answer answer(PQexec(handle(), sql.c_str()));
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return {};
  return tl::unexpected<base::Error>(failure(handle(), answer.get()));
}

base::Result<void> PgConnection::begin(sql::Transaction kind) {
  const char* statement =
      kind == sql::Transaction::writing ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
  auto begun = handle_ ? execute(statement) : base::Result<void>();
  if (handle_ && (begun || begun.error().reason != sql::k_unreachable)) return begun;
  auto connected = connect();
  if (!connected && connected.error().code == ErrorCode::configuration) {
    return base::failure_at({}, ErrorCode::unavailable, connected.error().message,
                            std::string(sql::k_unreachable));
  }
  return connected ? execute(statement) : connected;
}

// A transaction in which something failed is rolled back by COMMIT, without an error.
base::Result<void> PgConnection::commit() {
  const Answer answer(PQexec(handle(), "COMMIT"));
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK)
    return tl::unexpected<base::Error>(failure(handle(), answer.get()));
  if (std::string_view(PQcmdStatus(answer.get())) == "COMMIT") return {};
  return base::failure(ErrorCode::internal, "The database rolled the transaction back; nothing was stored.");
}

base::Result<void> PgConnection::roll_back() {
  if (!handle_ || PQtransactionStatus(handle()) == PQTRANS_IDLE || PQstatus(handle()) != CONNECTION_OK)
    return {};
  return execute("ROLLBACK");
}

}  // namespace agentpipe::store::postgres
