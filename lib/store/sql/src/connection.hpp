#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/model/logged.hpp"
#include "agentpipe/store/search.hpp"

/// What a database engine gives to the store. All SQL above it is written once, with parameters `?` (in
/// order) or
/// `?1` (by number), in the language that the engines share; where they differ, Dialect tells.
namespace agentpipe::store::sql {

class Database;

/// Reasons of errors after which the store must not write any more.
inline constexpr std::string_view k_broken = "store_broken";
inline constexpr std::string_view k_not_a_database = "not_a_database";
/// The engine went away, and comes back perhaps.
inline constexpr std::string_view k_unreachable = "database_unreachable";

bool is_broken(const base::Error& error);
/// The request is at fault, not the database: only that request is rolled back.
bool is_callers_fault(const base::Error& error);

/// A compiled statement: bind, step through the rows, reset. Parameters and columns count from 0.
class Prepared {
 public:
  virtual ~Prepared() = default;

  virtual void bind(int index, std::int64_t value) = 0;
  virtual void bind(int index, double value) = 0;
  /// Text and bytes are not copied: they must outlive the last step.
  virtual void bind_text(int index, std::string_view text) = 0;
  virtual void bind_bytes(int index, std::string_view bytes) = 0;
  virtual void bind_null(int index) = 0;

  /// Is there a row? The first step runs the statement.
  virtual base::Result<bool> step() = 0;
  virtual void reset() = 0;
  /// Rows that the last run of this statement inserted, updated or deleted.
  [[nodiscard]] virtual std::int64_t changes() const = 0;

  [[nodiscard]] virtual bool is_null(int column) const = 0;
  /// 0 of NULL; 1 of true.
  [[nodiscard]] virtual std::int64_t number(int column) const = 0;
  [[nodiscard]] virtual double real(int column) const = 0;
  /// Empty of NULL; valid until the next step.
  [[nodiscard]] virtual std::string_view text(int column) const = 0;
};

/// Numbers of the log whose texts may hold what is looked for: a statement that gives them from high to low,
/// with these values, then the lowest and the highest number and how many at most as its parameters.
struct LookUp {
  std::string sql;
  std::vector<std::string> values;
};

/// What an engine says or does its own way.
struct Dialect {
  std::string_view like;          ///< LIKE in any case of ASCII letters
  std::string_view ordered_join;  ///< a join that is gone through in the order in which it is written
  /// The sum of whole numbers of a column, 0 of none; ends at the top where it is too large.
  std::string (*sum_of)(std::string_view column);
  std::string_view bytes;  ///< asks what the database takes on its disk
  /// Up to which number of the log look_up() knows texts.
  base::Result<model::LogNumber> (*indexed_to)(Database&);
  /// Nothing when the index cannot tell: all texts are to be read.
  base::Result<std::optional<LookUp>> (*look_up)(Database&, const SearchText&);
  /// Before a session's rows go.
  base::Result<void> (*unindex_session)(Database&, std::int64_t session_pk);
};

enum class Transaction : unsigned char {
  reading,  ///< sees one state of the database throughout
  writing,
};

/// One connection. One thread at a time.
class Connection {
 public:
  virtual ~Connection() = default;

  [[nodiscard]] virtual const Dialect& dialect() const = 0;
  /// A prepared statement must not outlive its connection.
  virtual base::Result<std::unique_ptr<Prepared>> prepare(const std::string& sql) = 0;
  /// Any number of statements whose rows nobody wants.
  virtual base::Result<void> execute(const std::string& sql) = 0;

  /// Between transactions an engine may make a lost connection anew.
  virtual base::Result<void> begin(Transaction kind) = 0;
  virtual base::Result<void> commit() = 0;
  /// Nothing to do when the engine did it by itself.
  virtual base::Result<void> roll_back() = 0;
  /// Grows each time the connection was made anew: what was learnt before may have changed, and whether the
  /// last commit came through is not known.
  [[nodiscard]] virtual std::uint64_t generation() const { return 0; }
};

}  // namespace agentpipe::store::sql
