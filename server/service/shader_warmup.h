// Shaders, compiled before anybody waits for a picture.
#pragma once

namespace vivavox {

/// Drivers compile shaders when they first draw with them, which takes Mesa's
/// software renderer two seconds, and keep them on disk (in XDG_CACHE_HOME).
/// This draws with every one in a process of its own, which then ends: the
/// service's first render finds them there, and a service that never renders
/// stays small. Returns at once. To be called before any thread begins.
void compile_shaders_ahead();

}  // namespace vivavox
