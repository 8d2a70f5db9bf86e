#include "help_tree.hpp"

namespace agentpipe::cli {

namespace {

/// The arms of the script's three case statements, gathered over the whole tree.
class BashArms {
 public:
  void add(const HelpTree& tree, const std::string& path, std::string words) {
    for (const HelpOption& option : tree.options) {
      for (const std::string& name : option.names) add_word(words, name);
      add_value(option, path);
    }
    std::string all = words;
    for (const HelpTree& child : tree.commands) add_word(all, child.name);
    bool files = false;
    for (const HelpOption& argument : tree.arguments) {
      files = files || argument.wants_path();
      for (const std::string& choice : argument.choices()) add_word(all, choice);
    }
    words_ += "    '" + path + "') words='" + all + "'" + (files ? " files=yes" : "") + " ;;\n";
    for (const HelpTree& child : tree.commands) {
      paths_ += (paths_.empty() ? "'" : " | '") + path + " " + child.name + "'";
      add(child, path.empty() ? child.name : path + " " + child.name, words);
    }
  }

  [[nodiscard]] const std::string& paths() const { return paths_; }
  [[nodiscard]] const std::string& values() const { return values_; }
  [[nodiscard]] const std::string& words() const { return words_; }

 private:
  static void add_word(std::string& words, const std::string& word) {
    if ((" " + words + " ").find(" " + word + " ") == std::string::npos)
      words += (words.empty() ? "" : " ") + word;
  }

  void add_value(const HelpOption& option, const std::string& path) {
    if (option.value.empty()) return;
    std::string pattern;
    for (const std::string& name : option.names) {
      // The options of the program itself may stand behind every command.
      pattern += (pattern.empty() ? "" : " | ") +
                 (path.empty() ? "*' " + name + "'" : "'" + path + " " + name + "'");
    }
    std::string choices;
    for (const std::string& choice : option.choices()) add_word(choices, choice);
    std::string action = "return";
    if (!choices.empty()) action = "COMPREPLY=($(compgen -W '" + choices + "' -- \"$word\")); return";
    if (option.wants_path()) action = "COMPREPLY=($(compgen -f -- \"$word\")); return";
    values_ += "    " + pattern + ") " + action + " ;;\n";
  }

  std::string paths_;
  std::string values_;
  std::string words_;
};

}  // namespace

std::string bash_completion(const HelpTree& tree) {
  BashArms arms;
  arms.add(tree, "", "");
  return "# bash completion for agentpipe-bridge and agentpipe-web; made by: agentpipe-bridge completion "
         "bash\n"
         "_agentpipe_bridge() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' words='' "
         "files='' i\n"
         "  COMPREPLY=()\n"
         "  [[ ${COMP_WORDS[0]##*/} == agentpipe-web ]] && command=web\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case \"$command ${COMP_WORDS[i]}\" in\n"
         "    " +
         arms.paths() +
         ")\n"
         "      command=\"${command:+$command }${COMP_WORDS[i]}\" ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"$command $previous\" in\n" +
         arms.values() +
         "  esac\n"
         "  case \"$command\" in\n" +
         arms.words() +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
         "  if [[ -n $files && $word != -* ]]; then\n"
         "    COMPREPLY+=($(compgen -f -- \"$word\"))\n"
         "  fi\n"
         "}\n"
         "complete -o filenames -F _agentpipe_bridge agentpipe-bridge agentpipe-web\n";
}

}  // namespace agentpipe::cli
