#pragma once

#include <libpq-fe.h>

#include <memory>

#include "agentpipe/base/result.hpp"

namespace agentpipe::store::postgres {

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Handle = std::unique_ptr<PGconn, Finish>;

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

/// What an answer that is none of success means; a null one tells of the connection. By SQLSTATE
/// (PostgreSQL's appendix A): `unavailable` for what passes and for trouble of the connection, `internal` for
/// the rest.
base::Error failure(const PGconn* connection, const PGresult* answer);

}  // namespace agentpipe::store::postgres
