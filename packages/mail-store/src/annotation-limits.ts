import { MAX_ANNOTATION_BYTES } from '@paloma/shared-model';
import type { AnnotationChange, AnnotationRefusal } from './port/index.js';

/** Of one owner. All notes of one owner travel in one document with each change. */
const MAX_ANNOTATIONS = 50;
/** Names are kept for ever, those of notes taken away too. */
const MAX_ANNOTATION_NAMES = 200;
const MAX_NAME_CHARS = 255;

/** `names`: all ever used; `kept`: those that will have a value. */
export function refusalOfAnnotations(changes: readonly AnnotationChange[], after: { names: number; kept: number }): AnnotationRefusal | null {
  if (changes.some(({ name, value }) => name.length > MAX_NAME_CHARS || (value?.length ?? 0) > MAX_ANNOTATION_BYTES)) return 'annotationTooLarge';
  return after.names > MAX_ANNOTATION_NAMES || after.kept > MAX_ANNOTATIONS ? 'tooManyAnnotations' : null;
}
