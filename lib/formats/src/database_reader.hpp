#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/formats/reader.hpp"
#include "sqlite_file.hpp"

namespace agentpipe::formats {

/// A format whose sessions lie together in one database (Format::Feed::file). They are read one by one, each
/// in a transaction of its own, so that the program that writes is never held up for long. Its context tells
/// where the last reading stood: sessions that were not changed since are not read again, nor looked at where
/// rows that came tell which have changed.
class DatabaseReader : public Reader {
 public:
  struct Needed {
    std::string_view table, column;
  };

  explicit DatabaseReader(Origin origin) : origin_(std::move(origin)) {}

  void line(std::string_view /*text*/, std::uint64_t /*number*/, Sink& /*sink*/) final {}
  void end(Sink& sink) final;
  [[nodiscard]] std::string context() const final;
  void resume(std::string_view context) final;

 protected:
  /// What the format cannot do without.
  [[nodiscard]] virtual std::span<const Needed> needed() const = 0;
  /// A query for the id of each session that `where` says, and the last change in it ("changed", ms since
  /// 1970), oldest session first.
  virtual std::string sessions_query(SqliteFile& file, const std::string& where) = 0;
  /// The last change of a session's own row as an expression, ms since 1970.
  virtual std::string session_time(SqliteFile& file) = 0;
  /// Tables whose rows belong to sessions (session_id) and come one behind the other.
  virtual std::array<std::string_view, 2> growing_tables(SqliteFile& file) = 0;
  enum class Told : unsigned char { whole, unfinished };
  /// `writer`: may anything be added to it? The conversation goes out as far as it cannot change any more.
  virtual base::Result<Told> session(SqliteFile& file, const std::string& id, Writer writer, Sink& sink) = 0;
  [[nodiscard]] const Origin& origin() const { return origin_; }

 private:
  struct Found {
    std::string id;
    std::int64_t changed = 0;  ///< ms since 1970, no later than the file was written
  };
  using Rows = std::vector<std::int64_t>;
  /// Where the last reading stood.
  struct Cursor {
    std::int64_t watermark = 0;     ///< ms since 1970: what changed before was told
    Rows rows;                      ///< the newest of each growing table; empty: not known
    std::string unfinished = "[]";  ///< ids of sessions that were not told whole, as JSON
  };
  /// Of what is needed; empty when all is there.
  [[nodiscard]] std::string missing(SqliteFile& file) const;
  base::Result<void> read(Sink& sink);
  Rows newest_rows(SqliteFile& file);
  std::string where_news_is(SqliteFile& file, const Rows& rows);
  base::Result<std::vector<Found>> find(SqliteFile& file, const Rows& rows, std::int64_t written);
  base::Result<void> tell(SqliteFile& file, const std::vector<Found>& sessions, Rows rows, Sink& sink);

  Origin origin_;
  Cursor cursor_;
};

/// The table's column, or the first of its two columns that is there, as a number of SQL; 0 without any.
std::string number_of(SqliteFile& file, std::string_view table,
                      std::initializer_list<std::string_view> columns);

}  // namespace agentpipe::formats
