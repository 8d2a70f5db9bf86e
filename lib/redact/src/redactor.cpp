#include "agentpipe/redact/redactor.hpp"

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/texts.hpp"
#include "json_redactor.hpp"
#include "text_redactor.hpp"

namespace agentpipe::redact {

namespace {

class Visitor final : public model::TextVisitor {
 public:
  explicit Visitor(const TextRedactor& texts) : texts_(texts) {}

  void text(std::string_view key, std::string& text, std::size_t limit) override {
    if (!texts_.apply(text, reading_of(key), report)) return;
    // A short secret makes room for a longer word.
    if (text.size() > limit) text = base::truncate_utf8(text, limit);
  }
  void json(std::string_view key, model::Json& json) override {
    JsonRedactor(texts_, reading_of(key), report).apply(json);
  }

  Report report;

 private:
  static Reading reading_of(std::string_view key) {
    return holds_command(key) ? Reading::command : Reading::prose;
  }

  const TextRedactor& texts_;
};

}  // namespace

Redactor::Redactor(std::span<const OwnPattern> own) : texts_(std::make_unique<TextRedactor>(own)) {}
Redactor::~Redactor() = default;
Redactor::Redactor(Redactor&&) noexcept = default;
Redactor& Redactor::operator=(Redactor&&) noexcept = default;

Report Redactor::redact(model::Event& event) const {
  Visitor visitor(*texts_);
  model::visit_texts(event, visitor);
  return std::move(visitor.report);
}

Report Redactor::redact(model::Upload& upload) const {
  Visitor visitor(*texts_);
  for (auto& event : upload.events) model::visit_texts(event, visitor);
  return std::move(visitor.report);
}

Report Redactor::redact(std::string& text) const {
  Report report;
  texts_->apply(text, Reading::prose, report);
  return report;
}

}  // namespace agentpipe::redact
