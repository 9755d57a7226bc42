#include "support/completion.h"

#include <CLI/Option.hpp>
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ecc {
namespace {

constexpr std::array shells = {std::pair{std::string_view("bash"), Shell::bash},
                               std::pair{std::string_view("zsh"), Shell::zsh},
                               std::pair{std::string_view("fish"), Shell::fish}};

std::vector<std::string> choices_in(const std::string& type) {
    const std::size_t open = type.find('{');
    const std::size_t close = type.find('}', open);
    if (open == type.npos || close == type.npos)
        return {};
    return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

ValueKind kind_of(const std::string& type) {
    if (type.ends_with("FILE") || type == "PEM")
        return ValueKind::file;
    return type == "FOLDER" || type == "DIR" ? ValueKind::folder : ValueKind::other;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

CompletedOption describe_option(const CLI::Option& option) {
    CompletedOption described{.help = first_line(option.get_description())};
    for (const std::string& name : option.get_snames())
        described.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames())
        described.names.push_back("--" + name);
    if (option.get_items_expected_max() == 0)
        return described;
    described.choices = choices_in(option.get_type_name());
    described.value = described.choices.empty() ? kind_of(option.get_type_name()) : ValueKind::choice;
    return described;
}

/// A word between single quotes, for every shell here.
std::string shell_word(std::string_view text) {
    std::string result = "'";
    for (const char c : text)
        result += c == '\'' ? "'\\''" : std::string(1, c);
    return result + "'";
}

/// "ecc-run" -> "_ecc_run".
std::string function_name(std::string name) {
    std::ranges::replace(name, '-', '_');
    return "_" + name;
}

struct Context {
    std::string path; ///< "ecc manifest fetch"
    const CompletedCommand& command;
};

void list_contexts(std::vector<Context>& contexts, const std::string& path, const CompletedCommand& command) {
    contexts.push_back({path, command});
    for (const CompletedCommand& sub : command.commands)
        list_contexts(contexts, path + " " + sub.name, sub);
}

std::vector<std::string> option_names(const CompletedCommand& command) {
    std::vector<std::string> names;
    for (const CompletedOption& option : command.options)
        names.insert(names.end(), option.names.begin(), option.names.end());
    return names;
}

std::vector<std::string> words_for_positionals(const CompletedCommand& command) {
    std::vector<std::string> words;
    for (const CompletedCommand& sub : command.commands)
        words.push_back(sub.name);
    for (const CompletedOption& positional : command.positionals)
        words.insert(words.end(), positional.choices.begin(), positional.choices.end());
    return words;
}

/// Files are offered for whatever a command takes, since a REF may name a folder or an archive.
bool takes_words(const CompletedCommand& command) {
    return !command.positionals.empty() || !command.passes_on_to.empty();
}

class BashScript {
public:
    explicit BashScript(const CompletedCommand& program) : program_(program) {
        list_contexts(contexts_, program.name, program);
    }

    std::string text() const {
        return fmt::format(frame, fmt::arg("function", function_name(program_.name)),
                           fmt::arg("program", program_.name), fmt::arg("commands", commands()),
                           fmt::arg("values", values()), fmt::arg("words", words()),
                           fmt::arg("passing", passing()));
    }

private:
    static constexpr const char* frame = R"({function}() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD - 1]}} path={program} i in_commands=1
    local options= words= files=
    COMPREPLY=()
    if [ "$cur" = = ]; then cur=; elif [ "$prev" = = ]; then prev=${{COMP_WORDS[COMP_CWORD - 2]}}; fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        [ "${{COMP_WORDS[i]}}" = -- ] && compopt -o default && return
        case "$in_commands$path ${{COMP_WORDS[i]}}" in
{commands}            *) in_commands= ;;
        esac
    done
    case "$path $prev" in
{values}    esac
    case "$path" in
{words}    esac
    case "$cur" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$cur")) ;;
    *)
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
        [ -n "$files" ] && compopt -o default
        [ -n "$files" ] && [ ${{#COMPREPLY[@]}} -gt 0 ] && compopt -o filenames && COMPREPLY+=($(compgen -f -- "$cur"))
        ;;
    esac
{passing}    return 0
}}
complete -F {function} {program}
)";

    std::string commands() const {
        std::string text;
        for (std::size_t i = 1; i < contexts_.size(); i++)
            text += fmt::format("            {}) path={} ;;\n", shell_word("1" + contexts_[i].path),
                                shell_word(contexts_[i].path));
        return text;
    }

    static std::string completion_of(const CompletedOption& option) {
        if (option.value == ValueKind::choice)
            return fmt::format("COMPREPLY=($(compgen -W {} -- \"$cur\")); [[ $COMPREPLY = *= ]] && compopt "
                               "-o nospace; return 0",
                               shell_word(fmt::format("{}", fmt::join(option.choices, " "))));
        if (option.value == ValueKind::folder)
            return "compopt -o filenames; COMPREPLY=($(compgen -d -- \"$cur\")); return 0";
        if (option.value == ValueKind::file)
            return "compopt -o default; return 0";
        return "return 0";
    }

    std::string values() const {
        std::string text;
        for (const Context& context : contexts_)
            for (const CompletedOption& option : context.command.options)
                for (const std::string& name : option.names)
                    if (option.value != ValueKind::none)
                        text += fmt::format("    {}) {} ;;\n", shell_word(context.path + " " + name),
                                            completion_of(option));
        return text;
    }

    std::string words() const {
        std::string text;
        for (const Context& context : contexts_)
            text += fmt::format(
                "    {}) options={} words={} files={} ;;\n", shell_word(context.path),
                shell_word(fmt::format("{}", fmt::join(option_names(context.command), " "))),
                shell_word(fmt::format("{}", fmt::join(words_for_positionals(context.command), " "))),
                takes_words(context.command) ? "1" : "");
        return text;
    }

    std::string passing() const {
        std::string text;
        for (const Context& context : contexts_)
            if (!context.command.passes_on_to.empty())
                text += fmt::format("    if [ \"$path\" = {0} ] && declare -F {1} >/dev/null; then\n"
                                    "        local own=(\"${{COMPREPLY[@]}}\")\n"
                                    "        {1}\n"
                                    "        COMPREPLY+=(\"${{own[@]}}\")\n"
                                    "    fi\n",
                                    shell_word(context.path), function_name(context.command.passes_on_to));
        return text;
    }

    const CompletedCommand& program_;
    std::vector<Context> contexts_;
};

/// zsh runs bash's functions, quotes and all, by a module of its own.
std::string zsh_script(const CompletedCommand& program) {
    return "(( $+functions[compdef] )) || { autoload -U +X compinit && compinit }\n"
           "(( $+functions[complete] )) || { autoload -U +X bashcompinit && bashcompinit }\n" +
           BashScript(program).text();
}

class FishScript {
public:
    explicit FishScript(const CompletedCommand& program) : program_(program) {}

    std::string text() {
        add(program_, "");
        return text_;
    }

private:
    void add(const CompletedCommand& command, const std::string& path) {
        const std::string prefix = fmt::format("complete -c {}", program_.name);
        const std::string condition = condition_of(path);
        if (!takes_words(command))
            text_ += fmt::format("{}{} -f\n", prefix, condition);
        for (const CompletedOption& option : command.options)
            text_ += fmt::format("{}{}{}\n", prefix, condition, flags(option));
        for (const CompletedOption& positional : command.positionals)
            if (!positional.choices.empty())
                text_ += fmt::format("{}{} -a {}\n", prefix, condition,
                                     shell_word(fmt::format("{}", fmt::join(positional.choices, " "))));
        for (const CompletedCommand& sub : command.commands) {
            text_ += fmt::format("{} -n {} -a {} -d {}\n", prefix,
                                 shell_word(path.empty() ? "__fish_use_subcommand" : seen(path)), sub.name,
                                 shell_word(sub.help));
            add(sub, path.empty() ? sub.name : path + " " + sub.name);
        }
        if (!command.passes_on_to.empty())
            text_ += fmt::format("{}{} -a '(complete -C \"{} \"(commandline -ct))'\n", prefix, condition,
                                 command.passes_on_to);
    }

    std::string condition_of(const std::string& path) const {
        if (!path.empty())
            return " -n " + shell_word(seen(path));
        const std::vector<std::string> commands = words_for_positionals(program_);
        return commands.empty()
                   ? ""
                   : fmt::format(" -n 'not __fish_seen_subcommand_from {}'", fmt::join(commands, " "));
    }

    static std::string seen(const std::string& path) {
        std::string text;
        for (const std::string& word : CLI::detail::split(path, ' '))
            text += fmt::format("{}__fish_seen_subcommand_from {}", text.empty() ? "" : "; and ", word);
        return text;
    }

    static std::string flags(const CompletedOption& option) {
        std::string text;
        for (const std::string& name : option.names)
            text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
        text += " -d " + shell_word(option.help);
        if (option.value == ValueKind::choice)
            return text +
                   fmt::format(" -x -a {}", shell_word(fmt::format("{}", fmt::join(option.choices, " "))));
        if (option.value == ValueKind::folder)
            return text + " -x -a '(__fish_complete_directories)'";
        return text + (option.value == ValueKind::none   ? ""
                       : option.value == ValueKind::file ? " -r -F"
                                                         : " -x");
    }

    const CompletedCommand& program_;
    std::string text_;
};

} // namespace

std::optional<Shell> find_shell(std::string_view name) {
    const auto* found = std::ranges::find(shells, name, &std::pair<std::string_view, Shell>::first);
    return found == shells.end() ? std::nullopt : std::optional(found->second);
}

std::string type_of_choices(const std::vector<std::string_view>& values) {
    return fmt::format("{{{}}}", fmt::join(values, ","));
}

CompletedCommand describe_command(const CLI::App& app, std::string name) {
    CompletedCommand command{.name = std::move(name), .help = first_line(app.get_description())};
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_group().empty())
            continue;
        if (option->nonpositional())
            command.options.push_back(describe_option(*option));
        else
            command.positionals.push_back(describe_option(*option));
    }
    for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
        command.commands.push_back(describe_command(*sub, sub->get_name()));
    return command;
}

std::string completion_script(Shell shell, const CompletedCommand& program) {
    switch (shell) {
    case Shell::bash:
        return BashScript(program).text();
    case Shell::zsh:
        return zsh_script(program);
    case Shell::fish:
        return FishScript(program).text();
    }
    std::unreachable();
}

} // namespace ecc
