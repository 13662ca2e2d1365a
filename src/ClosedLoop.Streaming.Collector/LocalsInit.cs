// Buffers on the stack are written before they are read; clearing each of them first is a measurable part of a pixel hit.
[module: System.Runtime.CompilerServices.SkipLocalsInit]
