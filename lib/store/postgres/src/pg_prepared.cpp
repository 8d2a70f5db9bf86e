#include "pg_prepared.hpp"

#include <bit>
#include <charconv>
#include <cstdlib>

namespace agentpipe::store::postgres {

namespace {

/// Whole numbers come in network order, in 1, 2, 4 or 8 bytes.
std::int64_t big_endian(std::string_view bytes) {
  if (bytes.empty()) return 0;
  auto value = static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<signed char>(bytes.front())));
  for (const char c : bytes.substr(1)) value = value << 8U | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(value);
}

constexpr Oid k_float8 = 701;  // pg_type.dat: its oid is part of the protocol

}  // namespace

PgPrepared::~PgPrepared() {
  reset();
  const bool stands =
      generation_ != 0 && generation_ == connection_.generation() && connection_.handle() != nullptr;
  if (!stands) return;
  const auto status = PQtransactionStatus(connection_.handle());
  if (status == PQTRANS_IDLE || status == PQTRANS_INTRANS) [[maybe_unused]]
    const auto gone = connection_.execute("DEALLOCATE " + name_);
}

PgPrepared::Parameter& PgPrepared::parameter(int index) {
  const auto place = static_cast<std::size_t>(index);
  if (parameters_.size() <= place) parameters_.resize(place + 1);
  return parameters_[place];
}

template <class Number>
void PgPrepared::bind_number(int index, Number value) {
  Parameter& p = parameter(index);
  *std::to_chars(p.digits.data(), p.digits.data() + p.digits.size() - 1, value).ptr = '\0';
  p.start = p.digits.data();
  p.is_text = false;
}

void PgPrepared::bind(int index, std::int64_t value) {
  bind_number(index, value);
}

void PgPrepared::bind(int index, double value) {
  bind_number(index, value);
}

// The engine's text knows no NUL; U+FFFD stands for it.
void PgPrepared::bind_text(int index, std::string_view text) {
  if (text.find('\0') == std::string_view::npos) {
    bind_bytes(index, text);
    return;
  }
  std::string& repaired = parameter(index).repaired;
  repaired.clear();
  for (const char c : text) c == '\0' ? repaired += "\uFFFD" : repaired += c;
  bind_bytes(index, repaired);
}

void PgPrepared::bind_bytes(int index, std::string_view bytes) {
  Parameter& p = parameter(index);
  p.start = bytes.data() == nullptr ? "" : bytes.data();
  p.length = static_cast<int>(bytes.size());
  p.is_text = true;
}

void PgPrepared::bind_null(int index) {
  parameter(index).start = nullptr;
}

base::Result<void> PgPrepared::prepare() {
  if (generation_ == connection_.generation()) return {};
  name_ = connection_.next_name();
  const Answer answer(PQprepare(connection_.handle(), name_.c_str(), sql_.c_str(), 0, nullptr));
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK)
    return tl::unexpected<base::Error>(failure(connection_.handle(), answer.get()));
  generation_ = connection_.generation();
  return {};
}

base::Result<void> PgPrepared::send() {
  if (auto ready = prepare(); !ready) return ready;
  values_.clear(), lengths_.clear(), formats_.clear();
  for (const Parameter& p : parameters_) {
    values_.push_back(p.start);
    lengths_.push_back(p.length);
    formats_.push_back(p.is_text ? 1 : 0);
  }
  PGconn* handle = connection_.handle();
  const int sent = PQsendQueryPrepared(handle, name_.c_str(), static_cast<int>(values_.size()),
                                       values_.data(), lengths_.data(), formats_.data(), 1);
  if (sent == 0) return tl::unexpected<base::Error>(failure(handle, nullptr));
  running_ = true;
  changes_ = 0;
  PQsetSingleRowMode(handle);
  return {};
}

base::Result<bool> PgPrepared::step() {
  if (!running_) {
    if (auto sent = send(); !sent) return base::forward(sent);
  }
  return next_row();
}

base::Result<bool> PgPrepared::next_row() {
  PGconn* handle = connection_.handle();
  row_.reset(PQgetResult(handle));
  switch (PQresultStatus(row_.get())) {
    case PGRES_SINGLE_TUPLE:
      return true;
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
      changes_ = std::strtoll(PQcmdTuples(row_.get()), nullptr, 10);
      drain();
      return false;
    default:
      const base::Error error = failure(handle, row_.get());
      drain();
      return tl::unexpected<base::Error>(error);
  }
}

void PgPrepared::drain() {
  row_.reset();
  while (const Answer rest{PQgetResult(connection_.handle())}) {
  }
  running_ = false;
}

void PgPrepared::reset() {
  if (running_) drain();
  row_.reset();
}

bool PgPrepared::is_null(int column) const {
  return PQgetisnull(row_.get(), 0, column) != 0;
}

std::string_view PgPrepared::text(int column) const {
  return {PQgetvalue(row_.get(), 0, column), static_cast<std::size_t>(PQgetlength(row_.get(), 0, column))};
}

std::int64_t PgPrepared::number(int column) const {
  return big_endian(text(column));
}

double PgPrepared::real(int column) const {
  const std::int64_t bits = number(column);
  return PQftype(row_.get(), column) == k_float8 ? std::bit_cast<double>(bits) : static_cast<double>(bits);
}

}  // namespace agentpipe::store::postgres
