#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "pg_connection.hpp"

namespace agentpipe::store::postgres {

/// A prepared statement on a connection; prepared again on one that was made anew. Rows come one by one, so
/// that a large answer does not lie in the memory, and in binary form.
class PgPrepared final : public sql::Prepared {
 public:
  PgPrepared(PgConnection& connection, std::string sql) : connection_(connection), sql_(std::move(sql)) {}
  ~PgPrepared() override;
  PgPrepared(const PgPrepared&) = delete;
  PgPrepared& operator=(const PgPrepared&) = delete;

  void bind(int index, std::int64_t value) override;
  void bind(int index, double value) override;
  void bind_text(int index, std::string_view text) override;
  void bind_bytes(int index, std::string_view bytes) override;
  void bind_null(int index) override;

  base::Result<bool> step() override;
  void reset() override;
  [[nodiscard]] std::int64_t changes() const override { return changes_; }

  [[nodiscard]] bool is_null(int column) const override;
  [[nodiscard]] std::int64_t number(int column) const override;
  [[nodiscard]] double real(int column) const override;
  [[nodiscard]] std::string_view text(int column) const override;

 private:
  /// Numbers go as text, which fits a column of whole numbers or of fractions; texts and bytes go as they
  /// are.
  struct Parameter {
    std::array<char, 32> digits{};
    std::string repaired;
    const char* start = nullptr;  // null: NULL
    int length = 0;
    bool is_text = false;
  };

  Parameter& parameter(int index);
  template <class Number>
  void bind_number(int index, Number value);
  base::Result<void> prepare();
  base::Result<void> send();
  base::Result<bool> next_row();
  void drain();

  PgConnection& connection_;
  const std::string sql_;
  std::string name_;
  std::uint64_t generation_ = 0;  // of the connection on which it is prepared; 0: on none
  std::deque<Parameter> parameters_;
  // Of the parameters, as libpq takes them.
  std::vector<const char*> values_;
  std::vector<int> lengths_, formats_;
  bool running_ = false;
  Answer row_;
  std::int64_t changes_ = 0;
};

}  // namespace agentpipe::store::postgres
