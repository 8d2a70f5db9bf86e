#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/service/query.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// Sessions that one request may name.
inline constexpr std::size_t k_most_ids = 1000;

/// `invalid`; the sentence goes on after the parameter's name: "must be 1 to 500".
[[nodiscard]] base::Error bad_parameter(std::string_view name, const std::string& sentence);

/// How many pages of `size` hold `total`.
[[nodiscard]] constexpr std::int64_t pages_of(std::int64_t total, std::int64_t size) {
  return (total + size - 1) / size;
}

/// Reads parameters into a query and keeps the first fault.
class Parameters {
 public:
  explicit Parameters(const Query& query) : query_(query) {}

  void number(std::string_view name, std::int64_t least, std::int64_t most, std::int64_t otherwise,
              std::int64_t& into);
  void number(std::string_view name, std::optional<std::int64_t>& into);
  void amount(std::string_view name, std::optional<double>& into);
  /// A date alone means the edge of that day, in UTC.
  enum class Edge : unsigned char { begin, end };
  void time(std::string_view name, std::optional<base::Timestamp>& into, Edge edge = Edge::begin);
  /// False when it is not given.
  bool is_on(std::string_view name);
  void statuses(std::vector<model::Status>& into);
  void sort(store::SessionQuery& into);
  store::Direction direction(store::Direction otherwise);
  /// Everything that sessions are filtered by, under the names of GET /api/sessions.
  void session_filter(store::SessionQuery& into);

  void fail(base::Error error);
  [[nodiscard]] const std::optional<base::Error>& error() const { return error_; }

 private:
  const Query& query_;
  std::optional<base::Error> error_;
};

}  // namespace agentpipe::service
