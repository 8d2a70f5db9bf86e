#include "agentpipe/model/texts.hpp"

#include "fields.hpp"

namespace agentpipe::model {

namespace {

constexpr std::size_t limit_of(Rule rule) {
  if (rule == Rule::label) return k_max_label;
  return rule == Rule::content ? k_max_content : k_max_text;
}

/// One overload for each kind of member.
class Walk {
 public:
  explicit Walk(TextVisitor& visitor) : visitor_(visitor) {}

  template <class T>
  void object(T& object) {
    std::apply([&](const auto&... rows) { (member(rows.key, rows.rule, object.*(rows.member)), ...); },
               Fields<T>::rows);
    member("", Rule::object, object.extra);
  }

 private:
  void member(std::string_view key, Rule rule, std::string& text) {
    if (rule != Rule::id && !text.empty()) visitor_.text(key, text, limit_of(rule));
  }
  void member(std::string_view key, Rule /*rule*/, Json& json) {
    if (!json.empty()) visitor_.json(key, json);
  }
  template <class T>
  void member(std::string_view key, Rule rule, std::optional<T>& maybe) {
    if (maybe) member(key, rule, *maybe);
  }
  void member(std::string_view /*key*/, Rule /*rule*/, std::vector<Participant>& participants) {
    for (auto& participant : participants) object(participant);
  }
  void member(std::string_view /*key*/, Rule /*rule*/, Summary& summary) { object(summary); }
  template <class Number>
  void member(std::string_view /*key*/, Rule /*rule*/, Number& /*number*/) {}

  TextVisitor& visitor_;
};

}  // namespace

void visit_texts(Event& event, TextVisitor& visitor) {
  std::visit([&](auto& body) { Walk(visitor).object(body); }, event.body);
}

}  // namespace agentpipe::model
