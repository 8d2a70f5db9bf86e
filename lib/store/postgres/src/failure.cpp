#include "failure.hpp"

#include <array>
#include <string>
#include <string_view>

#include "connection.hpp"

namespace agentpipe::store::postgres {

namespace {

using base::ErrorCode;

struct Meaning {
  std::string_view state;  // how the SQLSTATE begins
  const char* message;
  std::string_view reason;
};

constexpr const char* k_unreachable_message =
    "The database cannot be reached; nothing was stored. Try again in a moment.";
constexpr const char* k_busy_message = "The database is busy; nothing was stored. Try again.";

// The first that fits.
constexpr std::array k_meanings = {
    Meaning{"53100", "The database's disk is full; nothing was stored. Try again later.", "disk_full"},
    Meaning{"53200", "The database is out of memory; nothing was stored. Try again later.", "out_of_memory"},
    Meaning{"53", k_busy_message, "database_busy"},               // insufficient resources
    Meaning{"55P03", k_busy_message, "database_busy"},            // a lock is not available
    Meaning{"40", k_busy_message, "database_busy"},               // deadlock, serialization failure
    Meaning{"57014", k_busy_message, "database_busy"},            // canceled: its time was up
    Meaning{"57P", k_unreachable_message, sql::k_unreachable},    // shut down, starting up
    Meaning{"08", k_unreachable_message, sql::k_unreachable},     // connection exception
    Meaning{"25006", k_unreachable_message, sql::k_unreachable},  // a standby: reads only
    Meaning{"XX00", "The database is damaged; nothing was stored. See its server's log.", sql::k_broken},
};

/// libpq's sentences, some of them in lines of their own, as one line.
std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool is_space = c == '\n' || c == '\t' || c == ' ';
    if (!is_space) line += c;
    if (is_space && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace

base::Error failure(const PGconn* connection, const PGresult* answer) {
  const char* state = answer == nullptr ? nullptr : PQresultErrorField(answer, PG_DIAG_SQLSTATE);
  std::string detail =
      on_one_line(answer == nullptr ? PQerrorMessage(connection) : PQresultErrorMessage(answer));
  if (state != nullptr) {
    detail += " (SQLSTATE " + std::string(state) + ")";
    for (const Meaning& meaning : k_meanings) {
      if (std::string_view(state).starts_with(meaning.state))
        return {ErrorCode::unavailable, meaning.message, std::move(detail), {}, std::string(meaning.reason)};
    }
  }
  // Without a state it is libpq's own word about the connection, whose status may still say that all is well:
  // the farewell of a server that goes down is read before the end behind it.
  if (state == nullptr || PQstatus(connection) != CONNECTION_OK)
    return {ErrorCode::unavailable,
            k_unreachable_message,
            std::move(detail),
            {},
            std::string(sql::k_unreachable)};
  return {ErrorCode::internal, "The database refused the operation.", std::move(detail), {}, {}};
}

}  // namespace agentpipe::store::postgres
