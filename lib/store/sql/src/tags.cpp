#include "tags.hpp"

#include "agentpipe/model/event.hpp"
#include "queries.hpp"

namespace agentpipe::store::sql {

namespace {

struct FacetRow {
  Tag kind;
  std::vector<TagCount> Facets::*member;
};

constexpr std::array k_facets = {
    FacetRow{Tag::status, &Facets::statuses}, FacetRow{Tag::source, &Facets::sources},
    FacetRow{Tag::mode, &Facets::modes},      FacetRow{Tag::agent_type, &Facets::agent_types},
    FacetRow{Tag::model, &Facets::models},    FacetRow{Tag::machine, &Facets::machines},
};

/// A status is kept as its number.
std::string shown(Tag kind, std::string value) {
  if (kind != Tag::status) return value;
  return std::string(to_string(static_cast<model::Status>(std::stoi(value))));
}

}  // namespace

base::Result<std::int64_t> count_tagged(Database& database, Tag kind,
                                        const std::vector<std::string>& values) {
  std::int64_t total = 0;
  Statement& count = database.statement("SELECT sessions FROM tag_counts WHERE kind=? AND value=?");
  for (const std::string& value : values) {
    auto done = count.query([&](Columns& columns) { total += columns.take<std::int64_t>(); },
                            static_cast<std::int64_t>(kind), value);
    if (!done) return base::forward(done);
  }
  return total;
}

base::Result<Facets> read_facets(Database& database, std::int64_t limit) {
  Facets facets;
  Statement& read = database.statement(
      "SELECT value,sessions FROM tag_counts WHERE kind=? ORDER BY sessions DESC,value LIMIT ?");
  for (const FacetRow& row : k_facets) {
    auto done = read.query(
        [&](Columns& columns) {
          auto value = shown(row.kind, columns.take<std::string>());
          (facets.*row.member).push_back({std::move(value), columns.take<std::int64_t>()});
        },
        static_cast<std::int64_t>(row.kind), limit);
    if (!done) return base::forward(done);
  }
  return facets;
}

}  // namespace agentpipe::store::sql
