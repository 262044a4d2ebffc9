package dev.tandem.tools.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The words of an option, one for each constant of an enum: its name in lower case with dashes.
 * Picocli's own converter tells people the constants' names instead.
 */
public abstract class Words<E extends Enum<E>> implements ITypeConverter<E> {
    private final E[] constants;

    protected Words(Class<E> type) {
        constants = type.getEnumConstants();
    }

    @Override
    public E convert(String word) {
        return Arrays.stream(constants)
                .filter(each -> word(each).equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() ->
                        new TypeConversionException(
                                "'%s' is none of %s"
                                        .formatted(
                                                word,
                                                Arrays.stream(constants)
                                                        .map(Words::word)
                                                        .collect(Collectors.joining(", ")))));
    }

    /** The word for a constant. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
