#include "statement.hpp"

#include <sqlite3.h>

#include "database.hpp"

namespace agentpipe::store::sqlite {

namespace {

/// A null pointer would bind NULL, not the empty text.
const char* start_of(std::string_view text) {
  return text.data() == nullptr ? "" : text.data();
}

}  // namespace

void Binder::operator()(std::int64_t value) {
  sqlite3_bind_int64(statement_, ++index_, value);
}
void Binder::operator()(double value) {
  sqlite3_bind_double(statement_, ++index_, value);
}
void Binder::operator()(std::nullptr_t) {
  sqlite3_bind_null(statement_, ++index_);
}

void Binder::operator()(std::string_view text) {
  sqlite3_bind_text64(statement_, ++index_, start_of(text), text.size(), nullptr, SQLITE_UTF8);
}

void Binder::blob(std::string_view bytes) {
  sqlite3_bind_blob64(statement_, ++index_, start_of(bytes), bytes.size(), nullptr);
}

bool Columns::next_is_null() const {
  return sqlite3_column_type(statement_, index_) == SQLITE_NULL;
}

void Columns::operator()(std::int64_t& value) {
  value = sqlite3_column_int64(statement_, index_++);
}
void Columns::operator()(bool& value) {
  value = sqlite3_column_int64(statement_, index_++) != 0;
}
void Columns::operator()(double& value) {
  value = sqlite3_column_double(statement_, index_++);
}

void Columns::operator()(std::string& text) {
  const void* bytes = sqlite3_column_blob(statement_, index_);
  const int size = sqlite3_column_bytes(statement_, index_++);
  if (bytes == nullptr) {
    text.clear();
  } else {
    text.assign(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }
}

void Columns::operator()(base::Timestamp& at) {
  at = base::Timestamp{base::Milliseconds{take<std::int64_t>()}};
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

base::Result<void> Statement::prepare() {
  if (statement_) return {};
  sqlite3_stmt* made = nullptr;
  const int code = sqlite3_prepare_v3(connection_, sql_.data(), static_cast<int>(sql_.size()),
                                      SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  if (code != SQLITE_OK) return tl::unexpected<base::Error>(last_error(connection_));
  statement_.reset(made);
  return {};
}

base::Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return tl::unexpected<base::Error>(last_error(connection_));
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

std::int64_t Statement::changes() const {
  return sqlite3_changes64(connection_);
}

}  // namespace agentpipe::store::sqlite
