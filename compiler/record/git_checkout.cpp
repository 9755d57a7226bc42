#include "compiler/record/git_checkout.h"

#include "compiler/guest/tool.h"
#include "packager/oci/git_source.h"

#include <algorithm>
#include <optional>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t files_at_once = 500; // a command line is bounded

/// What git prints; nothing if it is not there or refuses, as in a checkout of somebody else's. Variables of
/// a hook that we may run in would turn it to another repository, and a file monitor is a program of the
/// checkout's choice.
std::optional<std::string> git(const fs::path& root, const std::vector<std::string>& words) {
    ToolRun run{.arguments = {"env", "-u", "GIT_DIR", "-u", "GIT_WORK_TREE", "-u", "GIT_INDEX_FILE", "git",
                              "--literal-pathspecs", "-c", "core.fsmonitor=false"},
                .folder = root,
                .environment = {{"GIT_OPTIONAL_LOCKS", "0"}},
                .hides_messages = true};
    run.arguments.insert(run.arguments.end(), words.begin(), words.end());
    auto answer = run_tool(run, {});
    if (!answer || !answer->ok)
        return std::nullopt;
    return std::move(answer->output);
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
    const auto changes = git(root, {"status", "--porcelain", "--untracked-files=no"});
    if (!changes)
        return CheckoutState::unknown;
    return changes->empty() && keeps_all(root, sources_inside(root, sources)) ? CheckoutState::clean
                                                                              : CheckoutState::modified;
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
