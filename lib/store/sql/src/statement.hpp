#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/event.hpp"
#include "connection.hpp"

namespace agentpipe::store::sql {

/// Puts values into the parameters of a statement, left to right. Text is not copied: it must outlive the
/// step.
class Binder {
 public:
  explicit Binder(Prepared& statement) : statement_(statement) {}

  void operator()(std::int64_t value) { statement_.bind(index_++, value); }
  void operator()(int value) { (*this)(std::int64_t{value}); }
  void operator()(bool value) { (*this)(std::int64_t{value ? 1 : 0}); }
  void operator()(double value) { statement_.bind(index_++, value); }
  void operator()(std::string_view text) { statement_.bind_text(index_++, text); }
  void operator()(const std::string& text) { (*this)(std::string_view(text)); }
  void operator()(const char* text) { (*this)(std::string_view(text)); }
  void operator()(std::nullptr_t) { statement_.bind_null(index_++); }
  void operator()(base::Timestamp at) { (*this)(std::int64_t{at.time_since_epoch().count()}); }
  void operator()(const model::Json& json) {
    json.empty() ? (*this)(nullptr) : (*this)(std::string_view(json.text));
  }
  void bytes(std::string_view bytes) { statement_.bind_bytes(index_++, bytes); }
  template <class T>
  void operator()(const std::optional<T>& maybe) {
    maybe ? (*this)(*maybe) : (*this)(nullptr);
  }

 private:
  Prepared& statement_;
  int index_ = 0;
};

/// Takes the columns of the current row, left to right.
class Columns {
 public:
  explicit Columns(const Prepared& statement) : statement_(statement) {}

  void operator()(std::int64_t& value) { value = statement_.number(index_++); }
  void operator()(bool& value) { value = statement_.number(index_++) != 0; }
  void operator()(double& value) { value = statement_.real(index_++); }
  void operator()(std::string& text) { text.assign(statement_.text(index_++)); }
  void operator()(base::Timestamp& at) { at = base::Timestamp{base::Milliseconds{take<std::int64_t>()}}; }
  void operator()(model::Json& json) { (*this)(json.text); }
  template <class T>
  void operator()(std::optional<T>& maybe) {
    if (statement_.is_null(index_)) {
      ++index_;
      maybe.reset();
    } else {
      (*this)(maybe.emplace());
    }
  }
  template <class T>
  T take() {
    T value{};
    (*this)(value);
    return value;
  }

 private:
  const Prepared& statement_;
  int index_ = 0;
};

/// What a row handler wants next.
enum class Rows : unsigned char { more, enough };

/// A statement that is compiled when first used. It must not outlive its connection. While its rows are gone
/// through, no other statement of the connection may run.
class Statement {
 public:
  Statement(Connection& connection, std::string sql) : connection_(&connection), sql_(std::move(sql)) {}

  /// Runs it to the end.
  template <class... Values>
  base::Result<void> run(const Values&... values) {
    return bind_and_run([&](Binder& bind) { (bind(values), ...); }, [](Columns&) { return Rows::more; });
  }
  /// Calls `on_row(Columns&)` for each row, until it returns Rows::enough.
  template <class OnRow, class... Values>
  base::Result<void> query(OnRow&& on_row, const Values&... values) {
    return bind_and_run([&](Binder& bind) { (bind(values), ...); }, on_row);
  }
  /// The same, for parameters that do not come one by one.
  template <class Bind, class OnRow>
  base::Result<void> bind_and_run(Bind&& bind, OnRow&& on_row) {
    if (auto ready = prepare(); !ready) return ready;
    const Reset reset{*statement_};
    Binder binder(*statement_);
    bind(binder);
    while (true) {
      auto row = statement_->step();
      if (!row) return base::forward(row);
      if (!*row) return {};
      Columns columns(*statement_);
      if constexpr (std::is_void_v<std::invoke_result_t<OnRow&, Columns&>>) {
        on_row(columns);
      } else if (on_row(columns) == Rows::enough) {
        return {};
      }
    }
  }

  /// Rows that the last run inserted, updated or deleted.
  [[nodiscard]] std::int64_t changes() const { return statement_ ? statement_->changes() : 0; }

 private:
  struct Reset {
    Prepared& statement;
    ~Reset() { statement.reset(); }
  };

  base::Result<void> prepare();

  Connection* connection_;
  std::string sql_;
  std::unique_ptr<Prepared> statement_;
};

}  // namespace agentpipe::store::sql
