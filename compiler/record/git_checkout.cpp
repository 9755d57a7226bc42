#include "compiler/record/git_checkout.h"

#include "compiler/guest/tool.h"
#include "packager/oci/git_source.h"

#include <algorithm>
#include <optional>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t files_at_once = 500; // a command line is bounded
constexpr std::size_t max_submodules = 1000;

/// What git prints; nothing if it is not there or refuses, as in a checkout of somebody else's. Variables of
/// a hook that we may run in would turn it to another repository. File monitors, hooks, and what would fetch
/// the objects that a partial clone lacks are programs of the checkout's choice.
std::optional<std::string> git(const fs::path& root, const std::vector<std::string>& words) {
    ToolRun run{
        .arguments = {"env", "-u", "GIT_DIR", "-u", "GIT_WORK_TREE", "-u", "GIT_INDEX_FILE", "git",
                      "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"},
        .folder = root,
        .environment = {{"GIT_OPTIONAL_LOCKS", "0"}, {"GIT_NO_LAZY_FETCH", "1"}, {"GIT_ALLOW_PROTOCOL", ""}},
        .hides_messages = true};
    run.arguments.insert(run.arguments.end(), words.begin(), words.end());
    auto answer = run_tool(run, {});
    if (!answer || !answer->ok)
        return std::nullopt;
    return std::move(answer->output);
}

/// The pieces of what git ends with a zero byte each.
std::vector<std::string_view> zero_ended(std::string_view text) {
    std::vector<std::string_view> pieces;
    for (std::size_t end; (end = text.find('\0')) != text.npos; text.remove_prefix(end + 1))
        pieces.push_back(text.substr(0, end));
    return pieces;
}

bool is_filter(std::string_view variable) {
    return variable.starts_with("filter.") &&
           (variable.ends_with(".clean") || variable.ends_with(".process"));
}

/// Whether git would run a program that the checkout names to see what is in a file. The user's own may run.
bool has_filters(const fs::path& root) {
    const auto listing = git(root, {"config", "-z", "--show-scope", "--name-only", "--list"});
    if (!listing)
        return true;
    const auto pieces = zero_ended(*listing);
    for (std::size_t i = 0; i + 1 < pieces.size(); i += 2) // scope, variable
        if (pieces[i] != "system" && pieces[i] != "global" && pieces[i] != "command" &&
            is_filter(pieces[i + 1]))
            return true;
    return false;
}

CheckoutState state_without_submodules(const fs::path& root) {
    if (has_filters(root))
        return CheckoutState::unknown;
    const auto changes =
        git(root, {"status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty"});
    if (!changes)
        return CheckoutState::unknown;
    return changes->empty() ? CheckoutState::clean : CheckoutState::modified;
}

/// Those that are checked out, each a checkout with a configuration of its own; nothing if git fails.
std::optional<std::vector<fs::path>> submodules(const fs::path& root) {
    const auto index = git(root, {"ls-files", "-z", "--stage"}); // "MODE OBJECT STAGE\tPATH"
    if (!index)
        return std::nullopt;
    std::vector<fs::path> found;
    std::error_code ignored;
    for (const std::string_view entry : zero_ended(*index)) {
        const fs::path folder = root / entry.substr(entry.find('\t') + 1);
        if (entry.starts_with("160000 ") && fs::exists(folder / ".git", ignored))
            found.push_back(folder);
    }
    return found;
}

struct SourcesInside {
    std::vector<std::string> files, folders; ///< relative to the root
};

SourcesInside sources_inside(const fs::path& root, const std::vector<fs::path>& sources) {
    SourcesInside inside;
    std::error_code ignored;
    const fs::path whole = fs::weakly_canonical(root, ignored);
    for (const fs::path& source : sources) {
        const fs::path name = fs::weakly_canonical(source, ignored).lexically_relative(whole);
        if (name.empty() || name.string().starts_with(".."))
            continue;
        auto& list = fs::is_directory(source, ignored) ? inside.folders : inside.files;
        list.push_back(name.string());
    }
    return inside;
}

bool keeps_all(const fs::path& root, const SourcesInside& sources) {
    for (std::size_t i = 0; i < sources.files.size(); i += files_at_once) {
        std::vector<std::string> words = {"ls-files", "--error-unmatch", "--"};
        const auto end = std::min(i + files_at_once, sources.files.size());
        words.insert(words.end(), sources.files.begin() + i, sources.files.begin() + end);
        if (!git(root, words))
            return false;
    }
    return std::ranges::all_of(sources.folders, [&](const std::string& folder) {
        return git(root, {"ls-files", "--others", "--exclude-standard", "--", folder}) == "";
    });
}

CheckoutState state_of(const fs::path& root, const std::vector<fs::path>& sources) {
    std::vector<fs::path> checkouts = {root};
    for (std::size_t i = 0; i < checkouts.size(); i++) {
        if (const auto state = state_without_submodules(checkouts[i]); state != CheckoutState::clean)
            return state;
        const auto inner = submodules(checkouts[i]);
        if (!inner || checkouts.size() + inner->size() > max_submodules)
            return CheckoutState::unknown;
        checkouts.insert(checkouts.end(), inner->begin(), inner->end());
    }
    return keeps_all(root, sources_inside(root, sources)) ? CheckoutState::clean : CheckoutState::modified;
}

} // namespace

RecordedCheckout find_checkout(const fs::path& folder, const std::vector<fs::path>& sources) {
    const auto source = find_git_source(folder);
    if (!source)
        return {};
    RecordedCheckout checkout{.url = source->url, .ref = source->ref, .commit = source->commit};
    if (!checkout.commit.empty())
        checkout.state = state_of(source->root, sources);
    return checkout;
}

AnnotationMap checkout_annotations(const RecordedCheckout& checkout) {
    AnnotationMap annotations;
    if (!checkout.url.empty())
        annotations[annotation::source] = checkout.url;
    if (checkout.state != CheckoutState::unknown)
        annotations[annotation::revision] =
            checkout.commit + (checkout.state == CheckoutState::clean ? "" : "-dirty");
    return annotations;
}

} // namespace ecc
