import { useEffect, useState, type Ref } from 'react';
import { Button, Input, SearchField } from 'react-aria-components';
import { useMessages } from '../messages/language.js';
import { CloseIcon, SearchIcon } from './icons.js';

export interface SearchBoxProps {
  /** What was searched for, or empty. */
  search: string;
  inputRef: Ref<HTMLInputElement>;
  onSearch(text: string): void;
  onClear(): void;
}

export function SearchBox({ search, inputRef, onSearch, onClear }: SearchBoxProps) {
  const { search: texts } = useMessages();
  const [text, setText] = useState(search);
  useEffect(() => setText(search), [search]);
  const submit = (value: string): void => { if (value.trim()) onSearch(value.trim()); else onClear(); };
  return (
    <search className="search-box">
      <SearchField aria-label={texts.label} value={text} onChange={setText} onSubmit={submit} onClear={onClear}>
        <SearchIcon size={18} />
        <Input ref={inputRef} placeholder={texts.placeholder} maxLength={500} />
        <Button aria-label={texts.clear} className="icon-button small search-clear"><CloseIcon size={16} /></Button>
      </SearchField>
    </search>
  );
}
