#include "agentpipe/service/export.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "agentpipe/base/time.hpp"
#include "agentpipe/model/limits.hpp"
#include "export_format.hpp"
#include "export_redaction.hpp"
#include "parameters.hpp"

namespace agentpipe::service {

namespace {

constexpr std::int64_t k_rows_a_read = 200;

struct FormatRow {
  std::string_view name;
  std::string_view extension;
  std::string_view content_type;
  std::unique_ptr<ExportFormat> (*make)();
};
constexpr std::array k_formats{
    FormatRow{"json", "json", "application/json; charset=utf-8", json_format},
    FormatRow{"jsonl", "jsonl", "application/x-ndjson; charset=utf-8", jsonl_format},
    FormatRow{"markdown", "md", "text/markdown; charset=utf-8", markdown_format},
    FormatRow{"html", "html", "text/html; charset=utf-8", html_format},
    FormatRow{"csv", "csv", "text/csv; charset=utf-8", csv_format},
};

base::Result<const FormatRow*> format_of(const Query& query, std::string_view otherwise) {
  const auto name = query.text("format").value_or(otherwise);
  const auto* const row = std::ranges::find(k_formats, name, &FormatRow::name);
  if (row == k_formats.end())
    return tl::unexpected(bad_parameter("format", "must be one of json, jsonl, markdown, html, csv"));
  return row;
}

enum class Tools : unsigned char { with, without };

/// Which messages of a session, and how.
struct Extent {
  std::int64_t first = 0;
  std::int64_t last = model::k_max_integer;
  Tools tools = Tools::with;
  const RedactEvent* redact = nullptr;  ///< null: as it stands
};

base::Result<Extent> extent_of(const Query& query) {
  const auto first = query.number("from_seq", 0, model::k_max_integer, 0);
  if (!first) return base::forward(first);
  const auto last = query.number("to_seq", 0, model::k_max_integer, model::k_max_integer);
  if (!last) return base::forward(last);
  if (*last < *first) return tl::unexpected(bad_parameter("to_seq", "must not be below from_seq"));
  return Extent{*first, *last, query.text("tools") == "0" ? Tools::without : Tools::with, nullptr};
}

bool is_note(const model::Event& event) {
  return std::holds_alternative<model::LogEntry>(event.body) ||
         std::holds_alternative<model::ConversationError>(event.body);
}

/// One session, read in portions.
class SessionPieces final : public Pieces {
 public:
  SessionPieces(store::Store& store, store::SessionDetail detail, std::unique_ptr<ExportFormat> format,
                Extent extent)
      : store_(store), detail_(std::move(detail)), format_(std::move(format)), extent_(extent) {
    if (extent_.redact != nullptr) redact_session(detail_.session, *extent_.redact);
    if (extent_.first > 0) place_ = store::MessagePlace::end_of(extent_.first - 1);
  }

  base::Result<std::string> next() override {
    std::string out;
    while (out.empty() && step_ != Step::over) {
      if (auto done = advance(out); !done) return base::forward(done);
    }
    return out;
  }

 private:
  enum class Step : unsigned char { begin, messages, notes, end, over };

  base::Result<void> advance(std::string& out) {
    switch (step_) {
      case Step::begin:
        format_->begin(out, detail_.session);
        step_ = Step::messages;
        return {};
      case Step::messages:
        return read_messages(out);
      case Step::notes:
        return read_notes(out);
      case Step::end:
        format_->end(out, detail_.session);
        step_ = Step::over;
        return {};
      case Step::over:
        break;
    }
    return {};
  }

  base::Result<void> read_messages(std::string& out) {
    store::MessageQuery query;
    query.session_id = detail_.session.id;
    query.after = place_;
    query.limit = k_rows_a_read;
    auto page = store_.messages(query);
    if (!page) return base::forward(page);
    bool past = false;
    for (auto& message : page->messages) {
      past = past || message.sequence > extent_.last;
      if (past || message.log_number > detail_.as_of) continue;
      if (extent_.tools == Tools::without) drop_tools(message.body);
      if (extent_.redact != nullptr) redact_message(message, *extent_.redact);
      format_->message(out, message);
    }
    if (past || !page->more_after || page->messages.empty()) {
      step_ = Step::notes;
    } else {
      place_ = store::MessagePlace{page->messages.back().sequence, page->messages.back().log_number};
    }
    return {};
  }

  base::Result<void> read_notes(std::string& out) {
    auto page = store_.log({number_, detail_.as_of, detail_.session.id, k_rows_a_read});
    if (!page) return base::forward(page);
    for (auto& logged : *page) {
      if (!is_note(logged.event)) continue;
      if (extent_.redact != nullptr) (*extent_.redact)(logged.event);
      format_->note(out, logged.event);
    }
    if (page->empty())
      step_ = Step::end;
    else
      number_ = page->back().number;
    return {};
  }

  store::Store& store_;
  store::SessionDetail detail_;  // as of its beginning, whatever comes in meanwhile
  const std::unique_ptr<ExportFormat> format_;
  const Extent extent_;
  Step step_ = Step::begin;
  std::optional<store::MessagePlace> place_;
  store::LogNumber number_ = 0;
};

/// The id of the next session to export; nothing after the last.
using NextId = std::function<base::Result<std::optional<std::string>>()>;

NextId named(std::vector<std::string> ids) {
  return [ids = std::move(ids), at = std::size_t{0}]() mutable -> base::Result<std::optional<std::string>> {
    return at < ids.size() ? std::optional(ids[at++]) : std::nullopt;
  };
}

/// All that the query matches, page by page.
NextId matching(store::Store& store, store::SessionQuery query) {
  query.limit = k_rows_a_read;
  return [&store, query = std::move(query), page = store::SessionPage{}, at = std::size_t{0},
          begun = false]() mutable -> base::Result<std::optional<std::string>> {
    if (at == page.sessions.size() && (!begun || page.next)) {
      begun = true;
      query.after = page.next;
      auto found = store.sessions(query);
      if (!found) return base::forward(found);
      page = std::move(*found);
      at = 0;
    }
    return at < page.sessions.size() ? std::optional(page.sessions[at++].id) : std::nullopt;
  };
}

/// Several sessions, one after the other; those that are gone are left out.
class ListPieces final : public Pieces {
 public:
  ListPieces(store::Store& store, NextId next_id, const FormatRow& format, const RedactEvent* redact)
      : store_(store), next_id_(std::move(next_id)), format_(format), redact_(redact) {
    if (rows_only()) head_ = session_csv_head();
  }

  base::Result<std::string> next() override {
    if (!head_.empty()) return std::exchange(head_, {});
    while (true) {
      if (current_) {
        auto piece = current_->next();
        if (!piece || !piece->empty()) return piece;
        current_.reset();
      }
      const auto id = next_id_();
      if (!id) return base::forward(id);
      if (!*id) return std::string();
      auto detail = store_.session(**id);
      if (!detail && detail.error().code == base::ErrorCode::not_found) continue;
      if (!detail) return base::forward(detail);
      if (rows_only()) return row_of(detail->session);
      Extent whole;
      whole.redact = redact_;
      current_ = std::make_unique<SessionPieces>(store_, std::move(*detail), format_.make(), whole);
    }
  }

 private:
  [[nodiscard]] bool rows_only() const { return format_.name == "csv"; }
  std::string row_of(model::Session& session) const {
    if (redact_ != nullptr) redact_session(session, *redact_);
    return session_csv_row(session);
  }

  store::Store& store_;
  NextId next_id_;
  const FormatRow& format_;
  const RedactEvent* const redact_;
  std::string head_;
  std::unique_ptr<Pieces> current_;
};

base::Result<NextId> chosen_ids(store::Store& store, const Query& query) {
  if (auto ids = query.list("ids"); !ids.empty()) {
    if (ids.size() > k_most_ids)
      return tl::unexpected(bad_parameter("ids", "must name at most 1,000 sessions"));
    return named(std::move(ids));
  }
  Parameters parameters(query);
  store::SessionQuery wanted;
  parameters.session_filter(wanted);
  if (parameters.error()) return tl::unexpected(*parameters.error());
  return matching(store, std::move(wanted));
}

std::string file_name(std::string stem, const FormatRow& format, base::Timestamp now) {
  const auto safe = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_';
  };
  std::ranges::replace_if(
      stem, [&](char c) { return !safe(c); }, '_');
  constexpr std::size_t k_date = 10;
  return stem.append("-")
      .append(base::format_rfc3339(now).substr(0, k_date))
      .append(".")
      .append(format.extension);
}

}  // namespace

base::Result<Download> Exports::session(const std::string& id, const Query& query) {
  const auto format = format_of(query, "json");
  if (!format) return base::forward(format);
  auto extent = extent_of(query);
  if (!extent) return base::forward(extent);
  if (query.flag("redact")) extent->redact = &redact_;
  auto detail = store_.session(id);
  if (!detail) return base::forward(detail);
  return Download{(*format)->content_type, file_name("session-" + id, **format, clock_.now()),
                  std::make_unique<SessionPieces>(store_, std::move(*detail), (*format)->make(), *extent)};
}

base::Result<Download> Exports::sessions(const Query& query) {
  const auto format = format_of(query, "jsonl");
  if (!format) return base::forward(format);
  if ((*format)->name != "jsonl" && (*format)->name != "csv")
    return tl::unexpected(bad_parameter("format", "must be jsonl or csv for several sessions"));
  auto chosen = chosen_ids(store_, query);
  if (!chosen) return base::forward(chosen);
  return Download{(*format)->content_type, file_name("sessions", **format, clock_.now()),
                  std::make_unique<ListPieces>(store_, std::move(*chosen), **format,
                                               query.flag("redact") ? &redact_ : nullptr)};
}

}  // namespace agentpipe::service
